#!/usr/bin/env python3
"""Makes the vectors of wire format 1 (docs/wire-format.md) with a second implementation.

Run from anywhere:

    python3 -B Tests/Vectors/tallystick/generate.py            # writes the JSON files beside this one
    python3 -B Tests/Vectors/tallystick/generate.py --check    # writes nothing; fails if a file would change, or
                                                               # docs/wire-format.md has another worked example
    python3 -B Tests/Vectors/tallystick/generate.py --example  # prints the worked example

Needs Python 3.11 or newer and the package `cryptography` 48 or newer (for ML-KEM). Every seed is fixed and no
random number is drawn, so that the files come out byte for byte the same. A change to any of them is a change
of the wire format, and calls for a decision record.
"""

import json
import sys
from pathlib import Path

import example
import register
import sealing
from refused_payloads import refused_payloads
from refused_statements import refused_statements
from statements import board_vectors, statement_vectors


def plain(value):
    """Bytes as lower-case hexadecimal digits, all the way down."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value


def files():
    log = statement_vectors()
    return {
        "statements": ("one signed statement of every kind, with its payload spelt out", log),
        "payloads_refused": (
            "payloads wrong in one way; `fault` is the reason, `key` the payload key at fault", refused_payloads()),
        "statements_refused": (
            "envelopes wrong in one way; with `public_key` the fault shows when the signature is checked",
            refused_statements(log)),
        "board_acts": ("what board members sign, and their signatures", board_vectors()),
        "compartment_bodies": ("fields, salts, leaves, paths and field roots", sealing.bodies()),
        "padding": ("padded plaintexts around every bucket; body byte i is i mod 251", sealing.paddings()),
        "sealed_compartments": (
            "AES-256-GCM with a fixed nonce; `descriptor` is the item of payload key 7",
            sealing.sealed_compartments()),
        "clear_compartments": ("what the broker or everybody reads", sealing.clear_compartments()),
        "circle_keys": ("commitment, wrap key and AES key wrap (RFC 3394)", sealing.circle_keys()),
        "direct_grants": (
            "HPKE over X-Wing; the ML-KEM part of `encapsulation` is one that ML-KEM rejects implicitly, so that "
            "no random number is needed", sealing.direct_grants()),
        "openings_refused": (
            "compartments that do not open; `how` is open, unwrap or read", sealing.openings_refused()),
        "grants_refused": ("direct grants that do not open", sealing.grants_refused()),
        "carried_refused": ("outer forms of what travels beside a statement", sealing.carried_refused()),
        "register_leaves": (
            "form 0 own statement, 1 verdict, 2 look-up; together the register of admission_proofs",
            register.register_leaves(log)),
        "register_leaves_refused": ("bytes that are no register leaf", register.leaves_refused(log)),
        "admission_proofs": ("register leaf and COSE receipt (RFC 9942)", register.admission_proofs(log)),
        "admission_proofs_refused": ("proofs that read and do not verify", register.proofs_refused(log)),
        "exchange_bodies": ("bodies of push, its answer, feed and heads", register.exchange_bodies(log)),
        "exchange_bodies_refused": ("bodies that do not read", register.bodies_refused(log)),
        "rules_bundles": ("rules bundles and their hashes", register.rules_bundles()),
    }


def rendered(name, about, vectors):
    names = [vector["id"] for vector in vectors]
    if len(set(names)) != len(names):
        raise SystemExit(f"{name}.json has two vectors of one name")
    content = {
        "source_repo": "tallystick", "source_path": "Tests/Vectors/tallystick/generate.py", "source_commit": "-",
        "licence": "-", "about": about, "count": len(vectors), "vectors": plain(vectors)}
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def check(folder):
    changed = []
    for name, (about, vectors) in files().items():
        target = folder / f"{name}.json"
        if not target.exists() or target.read_text() != rendered(name, about, vectors):
            changed.append(target.name)
    document = folder.parents[2] / "docs" / "wire-format.md"
    if example.text() not in document.read_text():
        changed.append("docs/wire-format.md")
    if changed:
        raise SystemExit("these files would change: " + ", ".join(changed))


def main():
    folder = Path(__file__).resolve().parent
    match sys.argv[1:]:
        case []:
            for name, (about, vectors) in files().items():
                (folder / f"{name}.json").write_text(rendered(name, about, vectors))
                print(f"{name}.json: {len(vectors)}")
        case ["--check"]:
            check(folder)
        case ["--example"]:
            print(example.text(), end="")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
