"""All tables, for migrations and for whoever needs the whole schema."""

from campaign import leases
from campaign.accounts import models as accounts
from campaign.awaiting import answer_models
from campaign.awaiting import models as awaiting
from campaign.campaigns import models as campaigns
from campaign.companies import models as companies
from campaign.drafting import attachment_models, custom_models
from campaign.drafting import comment_models as comments
from campaign.drafting import models as drafting
from campaign.drafting import review_models as review
from campaign.drafting import unsaved_models as unsaved
from campaign.evidence import models as evidence
from campaign.evidence import report_models
from campaign.history import models as history
from campaign.publishing import models as publishing
from campaign.publishing import retention_models
from campaign.reminding import models as reminding
from campaign.replies import file_models, note_models, redaction_models
from campaign.replies import models as replies
from campaign.sending import mention_models
from campaign.sending import models as sending

__all__ = [
    "accounts",
    "answer_models",
    "attachment_models",
    "awaiting",
    "campaigns",
    "comments",
    "companies",
    "custom_models",
    "drafting",
    "evidence",
    "file_models",
    "history",
    "leases",
    "mention_models",
    "note_models",
    "publishing",
    "redaction_models",
    "reminding",
    "replies",
    "report_models",
    "retention_models",
    "review",
    "sending",
    "unsaved",
]
