"""Flask's extensions, made once, bound to an app by the factory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_bootstrap import Bootstrap5
from flask_mail import Mail
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from campaign.database import Base

db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)
mail = Mail()
security = Security()
csrf = CSRFProtect()
bootstrap = Bootstrap5()

# Flask-SQLAlchemy makes its base class at run time; a type checker sees what it is made from.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
