"""The table of errors: each has a code, a title and what to do about it."""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """One row of the table; both texts may hold `{details}` by name."""

    title: str
    what_to_do: str


TABLE: dict[str, Advice] = {
    # settings and start
    "bad-setting": Advice("{name} is not usable: {why}.", "{fix}"),
    "demo-with-real-mail": Advice(
        "The demonstration never mixes with real sending.",
        "Use an instance whose MAIL_URL is capture:.",
    ),
    "database-not-ready": Advice(
        "The database cannot be used: {why}.",
        "Run “flask db upgrade” first, or check DATABASE_URL.",
    ),
    "demo-unfinished": Advice(
        "The demonstration was interrupted while it was loaded.",
        "Delete the folder {folder} and its database, then start again.",
    ),
    "demo-broken": Advice("The demonstration does not play: {why}.", "Please report this."),
    "clock-busy": Advice("Another process is at work and has not ended.", "Try again in a minute."),
    # history
    # accounts
    "field-empty": Advice("{name} is empty.", "Fill it in."),
    "field-too-long": Advice(
        "{name} is longer than {limit} characters.",
        "It has {length}: shorten it.",
    ),
    "not-there": Advice(
        "There is no such {what} any more.",
        "Go back to the list, reload it and try again.",
    ),
    "bad-sign-in-address": Advice(
        "“{address}” is no e-mail address to sign in with: {why}.",
        "Give one address like name@organisation.example.",
    ),
    "person-exists": Advice(
        "There is already a person with the address {address}.",
        "Change that person's role, or let them in again, on the page People.",
    ),
    "password-weak": Advice(
        "The password is too easy to guess: {why}.",
        "Use at least 12 characters; four words that do not belong together are good.",
    ),
    "role-unknown": Advice("There is no role “{role}”.", "Choose one of {known}."),
    "last-administrator": Advice(
        "{person} is the only administrator who can sign in.",
        "Give another person that role first, or nobody could let people in.",
    ),
    # companies
    "company-exists": Advice(
        "There is already a company at the address “{slug}”: {name}.",
        "Open that company, or give this one another short name for its address.",
    ),
    "bad-slug": Advice(
        "“{slug}” cannot stand in a web address.",
        "Use small letters a to z, digits and single hyphens, such as north-star-energy.",
    ),
    "unknown-country": Advice(
        "“{country}” is not a country that we know.",
        "Write two letters such as GB, DE or US, or the country's name.",
    ),
    "unknown-region": Advice(
        "“{region}” is not a part of the country that we know.",
        "Write its ISO 3166-2 code, such as BY for Bavaria, or leave it empty.",
    ),
    "unknown-language": Advice(
        "“{language}” is not a language that we know.",
        "Use a code such as en, de or fr.",
    ),
    "bad-domain": Advice(
        "“{domain}” is not a domain of the company's own.",
        "Give names such as company.example, separated by spaces; "
        "leave out free-mail hosts and social networks.",
    ),
    "contact-exists": Advice(
        "{company} already has the contact {value}.",
        "Change or verify that one instead.",
    ),
    "contact-half-verified": Advice(
        "The day of verification is given, but not where the contact comes from.",
        "Say where you saw it, such as the company's privacy page.",
    ),
    "verified-later": Advice(
        "The day of verification, {day}, has not come yet.",
        "Give the day on which you saw the contact there.",
    ),
    "contact-retired": Advice(
        "The contact {value} is retired.",
        "Add it again if it is in use after all.",
    ),
    "import-nothing": Advice(
        "The file holds no company.",
        "Put the column names in the first line and one company in each line below.",
    ),
    "unknown-zone": Advice(
        "“{name}” is not a time zone that we know.",
        "Write it like Europe/London or America/New_York.",
    ),
    "bad-contact": Advice(
        "“{value}” is not usable as {what}: {why}.",
        "Correct it in the company's contacts or in the file, and try again.",
    ),
    "import-too-large": Advice(
        "The import is too large: {what}.",
        "At most {limit}. Split the file and import the parts; nothing was imported.",
    ),
    "import-unreadable": Advice(
        "The file cannot be read: {why}.",
        "Save it as CSV in UTF-8 and import it again; nothing was imported.",
    ),
    # campaigns
    "campaign-exists": Advice(
        "There is already a campaign at the address “{slug}”.",
        "Choose another title, or another short name for the address.",
    ),
    "questions-missing": Advice(
        "The campaign asks nothing yet.",
        "Write at least one question; every company is asked the same ones.",
    ),
    "signatory-missing": Advice(
        "Nobody signs the letters yet.",
        "Name at least one person: the first is the contact that companies turn to.",
    ),
    "bad-policy": Advice("The policy does not hold: {why}.", "{fix}"),
    "campaign-fixed": Advice(
        "{what} cannot change any more: letters of this campaign have left.",
        "Every company is asked the same and given the same days. "
        "Start a new campaign to ask something else.",
    ),
    "embargo-past": Advice(
        "The embargo would end at {until}, which is past.",
        "Give a later time, or lift the embargo.",
    ),
    # evidence
    "survey-questions": Advice("The survey is not saved yet. {lines}", "Mend these lines."),
    "survey-exists": Advice(
        "There is a survey with the title “{title}” already.", "Change that one, or its title."
    ),
    "survey-dates": Advice("The fieldwork ended before it began.", "Check the two dates."),
    "survey-sample": Advice(
        "The number of people who answered is not a number above zero.",
        "Enter it as the source prints it, or leave it empty.",
    ),
    "survey-address": Advice("“{url}” is not the address of a page.", "Give it in full: https://…"),
    # drafting
    "chart-unusable": Advice(
        "The chart “{chart}” cannot be drawn: {why}.",
        "Mend the survey, or take the chart out of the text.",
    ),
    "placeholder-unknown": Advice(
        "Line {line} uses the field “{field}”, which does not exist.",
        "Pick a field from the list, or write a backslash before the brackets to print them.",
    ),
    "placeholder-missing": Advice(
        "{company} has no value for the field “{field}”.",
        "Enter the value for {company}, or take the field out of the text.",
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
        "Hebrew and Arabic script, without emoji.",
    ),
    "template-faults": Advice(
        "The text is not saved yet. {places}", "Mend it there and save again."
    ),
    "template-newer": Advice(
        "Somebody has saved version {version} while you were writing.",
        "Compare the two: save yours over it, or take theirs. What you typed still stands here.",
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
    "letter-left": Advice(
        "The letter to {company} is on its way or at its end and cannot change any more.",
        "Reload its page to see where it stands.",
    ),
    "letter-not-sent": Advice(
        "The letter to {company} has not been sent.", "Send it before you resend it."
    ),
    "person-needed": Advice("Only a person can do this.", "Sign in and do it yourself."),
    # sending
    "control-character": Advice(
        "{name} holds a line break or a control character ({character}).",
        "Write it in one line, without tabs, and paste it as plain text.",
    ),
    "bad-address": Advice(
        "“{address}” is not a mail address that we can write to: {why}.",
        "Give exactly one address like ethics@company.example.",
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
    "moment-to-come": Advice("This time is still to come.", "Give the time at which it happened."),
    "moment-too-early": Advice(
        "This time is before the dispatch was ordered.",
        "Give the time at which it happened, in the zone that the form names.",
    ),
    "words-missing": Advice("Words are missing.", "Write {what}; nothing was changed."),
    "halted-already": Advice(
        "Everything is halted already: {why}", "Release that halt first if the reason changed."
    ),
    "not-halted": Advice("Nothing is halted.", "There is nothing to release."),
    "no-mail-yet": Advice("No mail to {company} has been made yet.", "Send the letter first."),
    # replies
    "message-triaged": Advice(
        "This message {stands}.",
        "Reload the page to see what was said of it; reopen it there if that is wrong.",
    ),
    "answer-missing": Advice(
        "It is not said how far the response answers.",
        "Choose one of the answers, or file it as something other than a response.",
    ),
    "question-foreign": Advice(
        "A verdict is about a question that {company} was not asked.",
        "Reload the page: the letter was changed while you filled it in.",
    ),
    "letter-not-out": Advice(
        "The letter to {company} has not been sent.",
        "Choose a letter that has left; nothing can have answered this one.",
    ),
    "letter-missing": Advice(
        "It is not said which letter this belongs to.",
        "Choose one of the letters, or search for the company.",
    ),
    "received-later": Advice(
        "The time at which it came has not come yet.",
        "Give the day and time at which the company called or wrote.",
    ),
    "reply-concluded": Advice(
        "The outcome for {company} is published.",
        "Take the reply back on the page of the letter, where its record is.",
    ),
    "not-captured": Advice(
        "Mail is not captured on this machine.",
        "Answer from a real mailbox; a company's mail is never made up here.",
    ),
    # awaiting
    "not-waiting": Advice(
        "No deadline runs for {company}.", "Wait until there is proof that the letter arrived."
    ),
    "extension-unexplained": Advice(
        "It is not said who asked for more time and why.", "Fill in both; they are shown publicly."
    ),
    "extension-not-later": Advice(
        "The new date is not later than the deadline of {company}, {date}.",
        "Choose a later date; a deadline never moves back.",
    ),
    "reason-missing": Advice("There is no reason for {act}.", "Write the reason in a few words."),
    "hold-released": Advice("This hold was released already.", "Reload the page."),
    "proof-not-weak": Advice(
        "The proof that the letter reached {company} is not weak, or was signed for already.",
        "Reload the page.",
    ),
    "proof-own-letter": Advice(
        "You wrote the letter to {company} yourself.", "Ask a second person to sign for its proof."
    ),
    "sweep-unexplained": Advice(
        "It is not said where you looked.", "Name the doors: post box, telephone notes, form."
    ),
    "sweep-too-early": Advice(
        "The deadline of {company} has not passed.",
        "Look again after it: a reply could still come by that door.",
    ),
    "date-out-of-range": Advice(
        "{date} is outside the years 1900 to 2099.",
        "Check the year of the date.",
    ),
    # publishing
    "gate-closed": Advice(
        "Silence of {company} cannot be published: {gates}", "Today shows what opens each gate."
    ),
    "not-open": Advice("The letter to {company} is not open.", "Reload the page."),
    "already-published": Advice(
        "The outcome for {company} is published already.", "Change its record instead."
    ),
    "no-response-item": Advice(
        "This item from {company} is no response.", "File it as a response to publish it."
    ),
    "reply-withdrawn": Advice("This reply of {company} was taken back.", "Reload the page."),
    "reply-published": Advice(
        "This reply of {company} is published.", "Publish a correction instead."
    ),
    "permission-undecided": Advice(
        "It is not decided whether the reply of {company} may be published.",
        "Decide on permission in the inbox first; an objection wins.",
    ),
    "publication-stopped": Advice(
        "Nothing about {company} can be published now: {stops}.", "Release it, then publish."
    ),
    "not-acknowledged-only": Advice(
        "The thread with {company} is no bare acknowledgement.",
        "Publish the response, or wait for silence.",
    ),
    "was-reached": Advice(
        "Something shows that the letter reached {company}.",
        "“Not reached” is for letters without any proof of delivery.",
    ),
}
