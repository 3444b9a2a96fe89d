"""Replies as mail programs write them: an answer, and our letter as each quotes it. Invented."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

ANSWER = {
    "en": "We received 512 requests in 2025.\n\nWe refused 41 of them: the law gave no ground.",
    "de": "Im Jahr 2025 erhielten wir 512 Anfragen.\n\n41 davon haben wir abgelehnt.",
    "fr": "Nous avons reçu 512 demandes en 2025.\n\nNous en avons refusé 41.",
    "es": "En 2025 recibimos 512 solicitudes.\n\nRechazamos 41.",
    "it": "Nel 2025 abbiamo ricevuto 512 richieste.\n\nNe abbiamo respinte 41.",
    "nl": "In 2025 kregen wij 512 verzoeken.\n\nWij wezen er 41 af.",
    "pl": "W 2025 roku otrzymaliśmy 512 wniosków.\n\nOdrzuciliśmy 41 z nich.",
    "pt": "Em 2025 recebemos 512 pedidos.\n\nRecusámos 41.",
    "sv": "År 2025 fick vi 512 förfrågningar.\n\nVi avslog 41 av dem.",
    "da": "I 2025 fik vi 512 anmodninger.\n\nVi afviste 41 af dem.",
    "cs": "V roce 2025 jsme dostali 512 žádostí.\n\nOdmítli jsme 41.",
    "ru": "В 2025 году мы получили 512 запросов.\n\nМы отклонили 41.",
    "ja": "2025年には512件の請求を受けました。\n\nそのうち41件を断りました。",
    "zh": "2025年我们收到512份请求。\n\n我们拒绝了41份。",
    "fi": "Vuonna 2025 saimme 512 pyyntöä.\n\nHylkäsimme niistä 41.",
}
OURS = {
    "en": "Dear Acme,\n\nHow many requests for data did you get?\nHow many did you refuse?\n\n"
    "Kind regards\nOpen Letters",
    "de": "Sehr geehrte Damen und Herren,\n\nwie viele Anfragen haben Sie erhalten?\n\n"
    "Mit freundlichen Grüßen\nOpen Letters",
    "ja": "ご担当者様\n\n何件の請求を受けましたか。\n\nよろしくお願いいたします。\nOpen Letters",
}


class Dialect(NamedTuple):
    """How a program introduces our letter, and whether it marks each line of it."""

    name: str
    language: str
    head: str
    marks: str = ""

    def reply(self, answer: str) -> str:
        """The answer above our letter."""
        return f"{answer}\n\n{self.head}\n{self.quoted}"

    @property
    def quoted(self) -> str:
        ours = OURS.get(self.language, OURS["en"])
        return "\n".join(f"{self.marks}{line}".rstrip() for line in ours.split("\n"))


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
MARKED = [Dialect(**row) for row in _TABLE["marked"]]
UNMARKED = [Dialect(**row) for row in _TABLE["unmarked"]]
