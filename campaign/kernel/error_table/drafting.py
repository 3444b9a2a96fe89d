"""Errors of drafting."""

from __future__ import annotations

from campaign.kernel.error_table.advice import Advice

ROWS: dict[str, Advice] = {
    "chart-unusable": Advice(
        "The chart “{chart}” cannot be drawn: {why}.",
        "Mend the survey, or take the chart out of the text.",
    ),
    "attachment-empty": Advice("The file “{name}” is empty.", "Choose the file that has the text."),
    "attachment-large": Advice(
        "The file “{name}” is too large.",
        "Give it at most {limit} MB, or put it on the web and link to it in the letter.",
    ),
    "attachment-type": Advice(
        "The file “{name}” cannot go with a letter.",
        "Save it as PDF, PNG, JPEG, TXT, CSV, DOCX, XLSX, ODT or ODS, without macros, and give it "
        "the ending of its kind.",
    ),
    "attachment-many": Advice(
        "More than {limit} files cannot go with a letter.",
        "Remove one first, or put several into one PDF.",
    ),
    "attachment-name": Advice(
        "A file “{name}” goes with the letters already.",
        "Remove that one first, or give this one another name.",
    ),
    "head-address": Advice(
        "An address of {lines} lines does not fit at the top of a letter.",
        "Write it in at most 6 lines.",
    ),
    "head-phone": Advice(
        "“{phone}” is no telephone number.",
        "Write it as it is dialled from abroad: +44 20 7946 0000.",
    ),
    "head-website": Advice(
        "“{site}” is no address of a website.", "Write it like www.example.org."
    ),
    "placeholder-unknown": Advice(
        "Line {line} uses the field “{field}”, which does not exist.",
        "Pick a field from the list, or write a backslash before the brackets to print them.",
    ),
    "placeholder-missing": Advice(
        "{company} has no value for the field “{field}”.",
        "Enter the value for {company}, or take the field out of the text.",
    ),
    "figure-unusable": Advice(
        "The figure “{figure}” cannot be printed: {why}.",
        "Enter it on the page of the report, or take it out of the text.",
    ),
    "figure-own-missing": Advice(
        "{company} has no figure “{field}” that can be printed: {why}.",
        "Enter it in a report of {company}, or take it out of the text.",
    ),
    "custom-name": Advice(
        "“{name}” cannot be the name of a field.",
        "Use up to 40 of a-z, 0-9 and single _, with a letter first, such as uses_cloud.",
    ),
    "custom-taken": Advice(
        "The campaign has a field “{name}” already.", "Use that one, or choose another name."
    ),
    "custom-too-many": Advice(
        "A campaign can have {limit} fields of its own.", "Remove one that no text uses."
    ),
    "custom-in-use": Advice(
        "A text of this campaign uses the field “{name}”.", "Take it out of the text first."
    ),
    "custom-not-yes-no": Advice(
        "“{value}” is no value for the field “{name}”.", "Write yes or no, or leave it empty."
    ),
    "placeholder-not-a-link": Advice(
        "The value of the field “{field}” for {company} cannot be linked to.",
        "Give a full address: https://… for a page, name@domain for e-mail.",
    ),
    "letter-text": Advice("Line {line}, column {column}: “{text}” cannot stand there.", "{why}"),
    "letter-control-character": Advice(
        "The letter to {company} holds an invisible control character ({character}) in {where}.",
        "Delete it there: retype the words rather than pasting them.",
    ),
    "subject-not-one-line": Advice(
        "The subject of the letter to {company} is empty or not a single plain line.",
        "Write the subject in one line, without line breaks, control characters or block fields.",
    ),
    "letter-not-printable": Advice(
        "The letter to {company} cannot be made into a PDF: {why}.",
        "Change the words that the message names. Letters can be set in Latin, Greek, Cyrillic, "
        "Hebrew and Arabic script, with the everyday characters of Chinese, Japanese and Korean, "
        "and with emoji.",
    ),
    "template-faults": Advice(
        "The text is not saved yet. {places}", "Mend it there and save again."
    ),
    "template-newer": Advice(
        "Somebody has saved version {version} while you were writing.",
        "Compare the two: save yours over it, or take theirs. What you typed still stands here.",
    ),
    "unsaved-too-soon": Advice(
        "What you type is kept so often that it cannot be kept once more now.",
        "It is kept in a moment; there is nothing to do.",
    ),
    "comment-passage": Advice(
        "The passage that you quote does not stand in the text in use.",
        "Copy it again from the text as it stands now, or leave the passage empty.",
    ),
    "comment-not-yours": Advice(
        "This comment is somebody else's.",
        "Who wrote it, or who may write or approve letters, resolves it. You can reply.",
    ),
    "no-contact": Advice(
        "{company} has no contact that we can write to.",
        "Add an e-mail address, a form or a postal address on the page of {company}.",
    ),
    "mention-alone": Advice(
        "{company} would only be mentioned in public, which is no delivery.",
        "Choose an e-mail address, a form or a postal address too.",
    ),
    "mention-too-long": Advice(
        "The public mention of {company} has {over} {unit} too many for {network}, which takes "
        "{limit}.",
        "Shorten the campaign's text for public mentions.",
    ),
    "contact-not-usable": Advice(
        "{company} cannot be written to at {value} any more.",
        "Choose another contact of {company}, or verify this one anew.",
    ),
    "recipient-is-ours": Advice(
        "“{value}”, a contact of {company}, is an address of our own.",
        "Choose another contact of {company}; a letter to ourselves would come back for ever.",
    ),
    "short-period-unexplained": Advice(
        "{company} would have fewer than 5 working days to answer, without a written reason.",
        "Write the reason into the campaign's policy, or give more days.",
    ),
    "dated-in-the-past": Advice(
        "A letter cannot be dated {date}: that day is past.", "Choose today or a later day."
    ),
    "letters-not-ready": Advice("No letter went to approval yet.", "{what}"),
    "own-conflict": Advice(
        "The campaign's {what} and the own {what} of the letter to {company} were both changed at "
        "the same place.",
        "Open the letter's own text and choose what holds there.",
    ),
    "own-reason-missing": Advice(
        "{company} is asked something else than the others, or has other days to answer, and "
        "nobody has said why.",
        "Write the reason; readers see it beside the letter.",
    ),
    "own-fixed": Advice(
        "The letter to {company} has left once: its questions and its days to answer stay.",
        "Leave them as they are. The text can still be changed.",
    ),
    "own-newer": Advice(
        "Somebody has changed this letter while you were writing.",
        "Compare the two: save yours over it, or take theirs. What you typed still stands here.",
    ),
    "own-moved": Advice(
        "What you chose between has changed meanwhile.",
        "Look at the letter's own text again, and choose anew.",
    ),
    "text-changed": Advice(
        "What the letter to {company} is made of has changed since its text was frozen.",
        "Look at the letter and send it to approval again.",
    ),
    "other-text": Advice(
        "The text to {company} is not the one that you saw.",
        "Open the letter again, read it and approve that text.",
    ),
    "not-in-review": Advice(
        "The letter to {company} does not wait for approval.", "Reload its page."
    ),
    "own-text": Advice(
        "You wrote the letter to {company}, or sent it to approval, yourself.",
        "Ask a second person to read and approve it.",
    ),
    "not-your-step": Advice(
        "The letter to {company} waits for another's signature first: {steps}.",
        "Sign it when your step is open; its page shows who has signed.",
    ),
    "too-many-steps": Advice(
        "A campaign has {most} steps of sign-off at the most.", "Take some out and save again."
    ),
    "step-unusable": Advice(
        "The step “{step}” cannot be kept: {why}.", "Choose somebody else, or take the step out."
    ),
    "nothing-to-cosign": Advice(
        "No letter waits for {organisation}.",
        "An organisation is asked once everybody before it has signed.",
    ),
    "link-ended": Advice("The link to {organisation} has ended already.", "Reload the page."),
    "link-not-live": Advice("This link does not work any more.", "Open it again to see why."),
    "texts-changed": Advice(
        "The letters have changed since you opened this page; nothing more was signed.",
        "Read what stands here now, then sign it or ask for changes.",
    ),
    "letter-left": Advice(
        "The letter to {company} is on its way or at its end and cannot change any more.",
        "Reload its page to see where it stands.",
    ),
    "letter-not-sent": Advice(
        "The letter to {company} has not been sent.", "Send it before you resend it."
    ),
    "person-needed": Advice("Only a person can do this.", "Sign in and do it yourself."),
}
