"""The app that servers and the `flask` command load."""

import sys

from campaign.config import Settings
from campaign.factory import create_app
from campaign.kernel.errors import Problem

try:
    app = create_app(Settings.from_env())
except Problem as problem:
    sys.exit(f"The start was stopped: {problem}")
