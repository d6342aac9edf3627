"""What can be found, and what was: docs/bundle.md, Findings."""

from dataclasses import dataclass, field

SENTENCES = {
    "manifest": "A file is not what the manifest says, or the manifest does not read.",
    "partnership": "The partnership file does not lead from the pinned fingerprint to who is who.",
    "page-unreadable": "A page does not read; what it held is not checked.",
    "page-misplaced": "A page names another place than its leaves have.",
    "page-repeated": "A page brings leaves that were there before; it is left aside.",
    "heads-unreadable": "The heads that came with the pages do not read.",
    "missing-middle": "Leaves or statements are missing from here on.",
    "cut-tail": "The signed head covers more; everything from here on is not there.",
    "beyond-head": "Nothing signed covers what stands here and after it.",
    "leaf-unreadable": "This leaf of the register does not read.",
    "leaf-mismatch": "The register's leaf is not that of the statement, whose signature verifies.",
    "register-root": "The leaves do not lead to the root that the register signed.",
    "head": "The head note is not signed by a key of this log.",
    "head-missing": "The log has statements, and there is no head note of it.",
    "log-root": "The statements do not lead to the root that the log signed.",
    "register-order": "The register names this statement where another comes next.",
    "statement-missing": "The statement is registered and is not there.",
    "statement-unreadable": "The registered bytes do not read as a statement of this log.",
    "statement-bit-flip": "The bytes here are not those that were registered.",
    "reordered": "Statements stand here in another order than they were registered in.",
    "repeated": "A statement that was there before stands here again.",
    "foreign-statement": "A statement of another log stands here.",
    "second-statement": "The log signed two different statements; the one here is not the registered one.",
    "entry-misplaced": "The page names another place for this statement than the register does.",
    "unregistered": "The page brings a statement here that is not registered.",
    "signature": "The signature does not stand.",
    "compartment-content": "A compartment's bytes are not those that were signed for.",
    "wrap": "A compartment's wrap is not the one that was signed for.",
    "compartment-missing": "A compartment is described and is not there.",
    "compartment-foreign": "A compartment travels here that the statement does not describe.",
    "verdict-differs": "Judged again by what can be judged here, the statement gets another verdict.",
    "other-view": "The author signed that it received another register than this one.",
    "receipt": "A receipt does not read, or no key of the register signed it.",
    "two-stories": "Two signed heads of this log contradict each other.",
    "receipt-contradicts": "The register signed for another leaf or root than these pages hold.",
}


@dataclass
class Finding:
    """Which log, which place in it, what."""

    log: str
    index: object
    kind: str
    detail: str = ""

    def __str__(self):
        place = self.log if self.index is None else f"{self.log} index {self.index}"
        detail = f" ({self.detail})" if self.detail else ""
        return f"{place}: {self.kind}: {SENTENCES[self.kind]}{detail}"

    def as_json(self):
        return {
            "log": self.log, "index": self.index, "kind": self.kind,
            "sentence": SENTENCES[self.kind], "detail": self.detail,
        }


@dataclass
class Report:
    """What a bundle was found to be."""

    bundle: str
    register: object = None
    leaves: int = 0
    statements: int = 0
    refused: int = 0
    not_judged: int = 0
    erased: int = 0
    receipts: int = 0
    receipts_beyond: int = 0
    logs: list = field(default_factory=list)
    head: object = None
    is_complete: bool = False
    final_size: object = None
    cosigners: int = 0
    cosigners_needed: object = None
    fetched_at: object = None
    findings: list = field(default_factory=list)

    @property
    def exit_code(self):
        return 2 if self.findings else 0

    def add(self, kind, log, index=None, detail=""):
        self.findings.append(Finding(log, index, kind, detail))

    def text(self):
        lines = [
            f"bundle {self.bundle}",
            f"register {self.register}: {self.leaves} leaves checked",
            f"statements: {self.statements}, of them refused: {self.refused}",
        ]
        for label, count in (
            ("not judged", self.not_judged), ("compartments erased or expired", self.erased),
            ("receipts checked", self.receipts), ("receipts beyond this copy, not checked", self.receipts_beyond),
        ):
            if count:
                lines.append(f"{label}: {count}")
        for log in self.logs:
            agreement = "head agrees" if log["isHeadVerified"] else "head does not cover it"
            lines.append(f"log {log['log']}: size {log['size']}, root {log['root'] or 'unknown'}, {agreement}")
        if self.head:
            extent = "complete to" if self.is_complete else "checked as far as"
            lines.append(f"{extent} register head of size {self.head[0]}, root {self.head[1]}")
        else:
            lines.append("no signed head of the register covers these leaves")
        if self.cosigners_needed is None:
            lines.append("nothing is final: fewer than four operators of witnesses are listed")
        else:
            extent = f"final up to register size {self.final_size}" if self.final_size is not None else "not final"
            lines.append(f"{extent}: cosigned by {self.cosigners} operators, {self.cosigners_needed} needed")
        lines.append("not checked here: whether a protocol permitted what was shared")
        lines.append(f"findings: {len(self.findings) or 'none'}")
        return "\n".join(lines + [f"  {finding}" for finding in self.findings])

    def as_json(self):
        return {
            "bundle": self.bundle, "register": self.register, "leaves": self.leaves, "statements": self.statements,
            "refused": self.refused, "notJudged": self.not_judged, "erasedCompartments": self.erased,
            "receipts": self.receipts, "receiptsBeyond": self.receipts_beyond, "logs": self.logs,
            "head": {"size": self.head[0], "root": self.head[1]} if self.head else None,
            "finalSize": self.final_size, "cosigners": self.cosigners, "cosignersNeeded": self.cosigners_needed,
            "isComplete": self.is_complete, "fetchedAt": self.fetched_at,
            "findings": [finding.as_json() for finding in self.findings], "exitCode": self.exit_code,
        }
