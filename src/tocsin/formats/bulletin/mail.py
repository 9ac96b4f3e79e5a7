"""
A bulletin, and its withdrawal, as a mail: plain text and HTML, both languages, in one thread with what it corrects.

Sources: RFC 5322 (threads), RFC 2369 (List-Unsubscribe), RFC 8058 (one click), RFC 3834 (Auto-Submitted).
"""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

import msgspec

from tocsin.domain.casualties import Lang
from tocsin.domain.warning import EXERCISE
from tocsin.formats.bulletin import words
from tocsin.formats.bulletin.page import write_both
from tocsin.formats.bulletin.sheet import Sheet, write_text

ORDER = (Lang.UK, Lang.EN)


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        sender: Name and address, as `From` has it.
        domain: Of the sender; ids of messages are made of it.
        unsubscribe: An address of `mailto:` or `https:`.
        answers: Number of the bulletin that this one updates, corrects or withdraws.
    """

    sender: str
    domain: str
    unsubscribe: str
    realm: str
    base_url: str
    sent: datetime
    answers: int | None = None


def write_mail(sheets: Sequence[Sheet], envelope: Envelope) -> EmailMessage:
    """
    A message that only lacks whom it is to. A sheet that tells of a withdrawal makes it one that withdraws.

    Args:
        sheets: One for each language, in the order in which they are read.
    """
    if withdrawn := sheets[0].withdrawn:
        sheets = [each.without_figures() for each in sheets]
    first = sheets[0]
    message = EmailMessage(policy=SMTP)
    message["From"] = envelope.sender
    message["Subject"] = _subject(sheets, withdrawn, envelope.realm)
    message["Date"] = format_datetime(envelope.sent)
    message["Message-ID"] = _id(first, first.number, envelope, "withdrawn" if withdrawn else "")
    if envelope.answers is not None:
        answered = _id(first, envelope.answers, envelope)
        message["In-Reply-To"] = answered
        message["References"] = answered
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
    if envelope.unsubscribe.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    plain = "\n".join(f"{write_text(each)}\n---\n" for each in sheets)
    endings = (f"{words.UNSUBSCRIBE[each.lang]}: {envelope.unsubscribe}\n" for each in sheets)
    message.set_content(plain + "".join(endings), cte="base64")
    message.add_alternative(write_both(sheets, envelope.base_url), subtype="html", cte="base64")
    message["Content-Language"] = ", ".join(each.lang.value for each in sheets)
    # The parts are told apart by a line that must be the same whenever the mail is the same.
    message.set_boundary(sha256(str(message["Message-ID"]).encode()).hexdigest()[:32])
    return message


def _subject(sheets: Sequence[Sheet], withdrawn: bool, realm: str) -> str:
    marks = [EXERCISE] * (realm != "live") + [words.WITHDRAWN] * withdrawn
    said = [" / ".join(mark[each.lang] for each in sheets) for mark in marks]
    titles = " / ".join(each.title for each in sheets)
    return " ".join(": ".join([*said, titles]).split())


def _id(shown: Sheet, number: int, envelope: Envelope, what: str = "") -> str:
    name = sha256(f"{envelope.realm}/{shown.attack}/{number}/{what}".encode()).hexdigest()[:32]
    return f"<{name}@{envelope.domain}>"
