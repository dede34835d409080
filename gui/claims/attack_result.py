"""What the attack on a claim found, with links that open the experiments."""

from html import escape
from typing import final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from engine.claims.attack.attack import Attack
from engine.claims.claim import Claim, as_sentence
from engine.claims.reports import Report
from engine.text import counted
from gui.claims.words import bold, typeset
from gui.style.theme import Theme

PENDING = "Not attacked yet."


@final
class AttackResult(QLabel):
    """Says on how many experiments a claim was checked, and links to the closest calls.

    Signals
    -------
    experiment_opened(str)
        The TOML text of an experiment.
    """

    experiment_opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claim_attack")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.linkActivated.connect(self._open)
        self._theme = theme
        self._claim: Claim | None = None
        self._report: Report | None = None

    def show_claim(self, claim: Claim, report: Report | None) -> None:
        """Show the report on a claim; None while there is none."""
        self._claim, self._report = claim, report
        self._write()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._write()

    def _write(self) -> None:
        if self._claim is None:
            return
        attack = self._claim.attack
        if not isinstance(attack, Attack):
            self.setText(escape(f"Not attacked. {attack}"))
            return
        report, domain = self._report, f"{as_sentence(typeset(attack.domain.words))}."
        if report is None:
            self.setText(f"{PENDING} {escape(domain)}")
            return
        found = len(report.contradicted)
        checked = f"Checked on {counted(report.tried, 'experiment')}"
        if found:
            verdict = f"{checked}: {found} or more contradict it."
            colour, links = self._theme.alarm, self._links("counterexample", report.contradicted)
        else:
            verdict = f"{checked}, none contradicts it."
            colour, links = self._theme.text, self._links("closest", report.closest)
        self.setText(f'<span style="color:{colour}">{bold(verdict)}</span> {escape(domain)}{links}')

    def _links(self, kind: str, texts: tuple[str, ...]) -> str:
        if not texts:
            return ""
        caption = "Closest calls:" if kind == "closest" else "Counterexamples:"
        links = " · ".join(
            f'<a href="{kind}:{number}" style="color:{self._theme.accent};'
            f'text-decoration:none">open {number + 1}</a>'
            for number in range(len(texts))
        )
        return f"<br>{caption} {links}"

    @Slot(str)
    def _open(self, link: str) -> None:
        assert self._report is not None
        kind, _, number = link.partition(":")
        texts = self._report.closest if kind == "closest" else self._report.contradicted
        self.experiment_opened.emit(texts[int(number)])
