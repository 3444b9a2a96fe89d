"""Errors of sending."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "control-character": Advice(
        "{name} holds a line break or a control character ({character}).",
        "Write it in one line, without tabs, and paste it as plain text.",
    ),
    "bad-address": Advice(
        "“{address}” is not a mail address that we can write to: {why}.",
        "Give exactly one address like ethics@company.example.",
    ),
    "server-takes-ascii": Advice(
        "Our mail server takes no address with letters such as ä or 文 before the @, as {company}"
        " has in “{value}”.",
        "Choose another contact and have the letter approved again, or ask who runs the mail server"
        " for SMTPUTF8; nothing was sent.",
    ),
    "server-not-asked": Advice(
        "Whether our mail server takes “{value}”, an address of {company}, cannot be asked now:"
        " {why}.",
        "Try again in a few minutes; nothing was sent.",
    ),
    "bad-message": Advice(
        "The mail cannot be built: {why}.",
        "Mend the letter or its settings and approve it again; nothing was sent.",
    ),
    "files-full": Advice(
        "There is no room left in {path}.",
        "Free some space; nothing was lost, the work is done again by itself.",
    ),
    "files-unwritable": Advice(
        "{path} cannot be written: {why}.",
        "Check that the folder exists and belongs to the user that runs this program.",
    ),
    "file-unsure": Advice(
        "{path} was written, but the disk did not confirm it: {why}.",
        "Check the disk, then check that the file is there.",
    ),
    "file-missing": Advice(
        "The file {sha} is not in the file store.",
        "Restore it from the newest backup.",
    ),
    "file-damaged": Advice(
        "The file {sha} has changed since it was stored.",
        "Check the disk and restore the file from the newest backup.",
    ),
    "letter-not-approved": Advice(
        "The letter to {company} is not approved as it stands.",
        "Have its text approved, then send it; nothing was sent.",
    ),
    "letter-out-of-date": Advice(
        "The letter to {company} asks for a reply by {date}, which will be over.",
        "Take it back to draft, date it anew and have it approved again; nothing was sent.",
    ),
    "period-too-short": Advice(
        "The letter to {company} would leave on {day} and asks for a reply by {date}: too little"
        " time, since it may leave on {last} at the latest.",
        "Let it leave earlier, or take it back to draft, date it anew and have it approved again;"
        " nothing was sent.",
    ),
    "batch-has-begun": Advice(
        "It cannot be taken back: the first of these letters has left, or is leaving.",
        "Pause the rest if they must not leave; each can be withdrawn on its own page.",
    ),
    "batch-is-over": Advice(
        "Nothing of this waits to leave any more.", "Reload the page to see what came of it."
    ),
    "batch-goes-on": Advice(
        "Some of these letters still wait to leave.",
        "Read the report once all have left or failed; nothing was changed.",
    ),
    "letter-without-contacts": Advice(
        "The letter to {company} names no contact to go to.",
        "Choose a contact and have the letter approved again; nothing was sent.",
    ),
    "contact-unusable": Advice(
        "{company} can no longer be written to at “{value}”.",
        "Choose another contact and have the letter approved again; nothing was sent.",
    ),
    "contact-is-ours": Advice(
        "“{value}”, a contact of {company}, is an address of our own.",
        "Choose another contact and have the letter approved again; nothing was sent.",
    ),
    "other-channel": Advice(
        "This does not belong to what goes by {channel}.",
        "Open the dispatch and use one of its own buttons; nothing was changed.",
    ),
    "dispatch-moved-on": Advice(
        "This is not possible where the dispatch to {company} stands: {state}.",
        "Reload its page to see how it stands; nothing was changed.",
    ),
    "post-without-tracking": Advice(
        "The letter to {company} was posted without a tracking number.",
        "Only a signature shows that it arrived: say who signed, or post it again with tracking.",
    ),
    "proof-file-large": Advice(
        "The file has more than {limit} MB.", "Give a smaller picture; nothing was noted."
    ),
    "proof-file-type": Advice(
        "The file is no PNG, JPEG or PDF, whatever its name says.",
        "Save the picture as one of these and note it again; nothing was noted.",
    ),
    "mention-not-now": Advice("{why}", "Nothing was posted."),
    "mention-by-hand": Advice(
        "The program has no account on {network}.",
        "Post the text there yourself, then note its address.",
    ),
    "mention-pressed": Advice(
        "It is being posted, was posted, or nobody knows.",
        "Reload the page to see how it stands; nothing was posted by this.",
    ),
    "mention-refused": Advice(
        "{network} did not take it: {why}.",
        "Mend that and press again, or post it yourself; nothing was posted.",
    ),
    "mention-unknown": Advice(
        "Nobody knows whether {network} took it: {why}.",
        "It is not posted again by itself. Press “Look whether it is there”.",
    ),
    "mention-known": Advice("There is no doubt about this mention.", "Reload its page."),
    "mention-not-asked": Advice(
        "{network} cannot be asked: {why}.", "Try again later, or look at our account yourself."
    ),
    "mention-link": Advice(
        "No post on {network} has this address.", "Give one like {example}; nothing was noted."
    ),
    "moment-to-come": Advice("This time is still to come.", "Give the time at which it happened."),
    "moment-too-early": Advice(
        "This time is before the dispatch was ordered.",
        "Give the time at which it happened, in the zone that the form names.",
    ),
    "words-missing": Advice("Words are missing.", "Write {what}; nothing was changed."),
    "halted-already": Advice(
        "Everything is halted already: {why}", "Release that halt first if the reason changed."
    ),
    "nothing-to-post": Advice(
        "No letter waits to be posted.", "Letters with a postal contact come here once sent."
    ),
    "posting-list": Advice(
        "Nothing was noted. {faults}", "Mend these lines of the list, then send it again."
    ),
    "test-not-sent": Advice(
        "The test did not leave: {why}.",
        "Look at MAIL_URL and at what the mail server said, then send the test again.",
    ),
    "not-halted": Advice("Nothing is halted.", "There is nothing to release."),
    "no-mail-yet": Advice("No mail to {company} has been made yet.", "Send the letter first."),
}
