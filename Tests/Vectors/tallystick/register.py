"""The register: its leaves, proofs of admission, exchange bodies and rules bundles."""

from scene import *  # noqa: F403
from statements import control_item, KINDS
from tallyformat import (
    CONTROL, Raw, bundle_hash, bundle_item, det, key_id, leaf_hash, note, path, public, receipt, root, sha256,
    some_hash, some_id, statement)


def own_statements(fingerprint):
    """The broker's genesis and key set, which stand in the register as they are."""
    bodies = [
        ("genesis", {"party": "broker", "root_key": public(BROKER_ROOT), "board_fingerprint": fingerprint}),
        ("keyset", {"keys": [
            {"role": "statement", "algorithm": -19, "key": public(BROKER_STATEMENT)},
            {"role": "log", "algorithm": -19, "key": public(BROKER_LOG)}]})]
    entries, previous = [], b""
    for sequence, (kind, parts) in enumerate(bodies):
        payload = det({
            1: 1, 2: CONTROL, 3: sequence, 4: previous, 5: None, 6: KINDS[kind], 7: [], 8: [], 9: None,
            10: control_item(kind, parts)})
        entries.append(statement(payload, BROKER_ROOT, BROKER, CONTROL, NOW, some_id("event broker " + kind)))
        previous = sha256(entries[-1])
    return entries


def verdict(name, origin, index, hashed, reason=None, at=NOW):
    return {
        "id": name, "form": 1, "origin": origin, "index": index, "statement_leaf_hash": hashed, "reason": reason,
        "at": at, "asker": None, "query_hash": None, "leaf": det(
            [1, origin, index, hashed, 0 if reason is None else 1, reason, at])}


def look_up(name, asker, query, at=NOW):
    hashed = sha256(query)
    return {
        "id": name, "form": 2, "origin": None, "index": None, "statement_leaf_hash": None, "reason": None, "at": at,
        "asker": asker, "query_hash": hashed, "leaf": det([2, asker, hashed, at])}


def own(name, entry):
    return {
        "id": name, "form": 0, "origin": None, "index": None, "statement_leaf_hash": None, "reason": None,
        "at": None, "asker": None, "query_hash": None, "leaf": entry}


def register_leaves(log):
    by_id = {vector["id"]: vector for vector in log}
    genesis, keyset = own_statements(by_id["board-genesis"]["hash"])
    leaves = [
        own("own-genesis", genesis), own("own-keyset", keyset),
        verdict("board-genesis-accepted", BOARD, 0, by_id["board-genesis"]["leaf_hash"]),
        verdict("council-genesis-accepted", COUNCIL, 0, by_id["genesis"]["leaf_hash"]),
        verdict("council-keyset-accepted", COUNCIL, 1, by_id["keyset"]["leaf_hash"], at=NOW + 1),
        verdict("council-revoke-refused", COUNCIL, 2, by_id["revoke"]["leaf_hash"], "seen-head", NOW + 2),
        look_up("look-up", "police", det(["ward-3", "noise"]), NOW + 3),
        verdict("longest-origin", "o" * 200, 2**64 - 1, some_hash("statement"), "r" * 32, LAST_SECOND)]
    return [vector | {"leaf_hash": leaf_hash(vector["leaf"])} for vector in leaves]


def leaves_refused(log):
    hashed, genesis = some_hash("statement"), own_statements(log[0]["hash"])[0]
    good = [1, COUNCIL, 3, hashed, 0, None, NOW]

    def changed(place, value):
        return good[:place] + [value] + good[place + 1:]

    cases = [
        ("accepted-with-reason", "shape", changed(5, "seen-head")),
        ("refused-without-reason", "shape", changed(4, 1)),
        ("verdict-2", "shape", changed(4, 2)),
        ("form-3", "shape", changed(0, 3)),
        ("form-0", "shape", changed(0, 0)),
        ("six-items", "shape", good[:6]),
        ("eight-items", "shape", good + [None]),
        ("reason-capitals", "shape", changed(4, 1)[:5] + ["Seen", NOW]),
        ("leaf-hash-31-bytes", "shape", changed(3, hashed[:31])),
        ("origin-with-space", "shape", changed(1, "a b")),
        ("time-beyond-9999", "shape", changed(6, LAST_SECOND + 1)),
        ("index-negative", "shape", changed(2, -1)),
        ("look-up-five-items", "shape", [2, "police", hashed, NOW, None]),
        ("look-up-capitals", "shape", [2, "Police", hashed, NOW]),
        ("map", "shape", {1: 1}),
        ("trailing-byte", "cbor", Raw(det(good) + b"\x00")),
        ("number-not-shortest", "cbor", changed(2, Raw(b"\x18\x03"))),
        ("empty", "cbor", Raw(b"")),
        ("above-1024-bytes", "cbor", changed(1, "o" * 1024)),
        ("own-cut-short", "statement", Raw(genesis[:-1])),
        ("own-without-payload", "statement", Raw(b"\xd2\x84\x40\xa0\xf6\x40")),
    ]
    return [{"id": name, "fault": fault, "leaf": det(item)} for name, fault, item in cases]


def admission_proofs(log):
    vectors = register_leaves(log)
    hashes = [vector["leaf_hash"] for vector in vectors]
    proofs = []
    for size, index in ((2, 0), (4, 3), (5, 4), (8, 2), (8, 5), (8, 7)):
        leaves, leaf = hashes[:size], vectors[index]["leaf"]
        cose = receipt(BROKER_LOG, BROKER, index, leaves)
        proofs.append({
            "id": f"leaf-{index}-of-{size}", "origin": BROKER, "seed": BROKER_LOG, "public_key": public(BROKER_LOG),
            "key_id": key_id(public(BROKER_LOG)), "position": index, "size": size, "root": root(leaves),
            "path": path(index, leaves), "leaf": leaf, "leaf_hash": leaf_hash(leaf), "receipt": cose,
            "proof": det([leaf, cose]), "head_note": note(BROKER_LOG, BROKER, size, root(leaves))})
    return proofs


def proofs_refused(log):
    """Proofs that read, and do not verify against their register's head."""
    good = next(proof for proof in admission_proofs(log) if proof["id"] == "leaf-5-of-8")
    hashes = [vector["leaf_hash"] for vector in register_leaves(log)]
    accepted = verdict("", COUNCIL, 2, some_hash("statement"))["leaf"]

    def proof(name, leaf, cose):
        return {
            "id": name, "origin": BROKER, "public_key": good["public_key"], "size": good["size"],
            "root": good["root"], "proof": det([leaf, cose])}

    cose = good["receipt"]
    return [
        proof("another-leaf", accepted, cose),
        proof("verdict-turned", good["leaf"].replace(b"\x01\x69seen-head", b"\x00\xf6"), cose),
        proof("receipt-of-another-leaf", good["leaf"], receipt(BROKER_LOG, BROKER, 4, hashes)),
        proof("receipt-at-another-size", good["leaf"], receipt(BROKER_LOG, BROKER, 5, hashes[:7])),
        proof("receipt-of-another-log", good["leaf"], receipt(BROKER_LOG, BOARD, 5, hashes)),
        proof("receipt-by-another-key", good["leaf"], receipt(BROKER_STATEMENT, BROKER, 5, hashes)),
        proof("signature-bit", good["leaf"], cose[:-1] + bytes([cose[-1] ^ 1])),
    ]


# Exchange bodies

def carried_item(part):
    return [part["statement"], [[c["compartment"], c["content"], c["wrap"]] for c in part["compartments"]],
            part["grants"]]


def carried(entry, compartments=(), grants=()):
    return {
        "statement": entry, "grants": list(grants), "compartments": [
            {"compartment": c["parts"]["id"], "content": c["content"], "wrap": c.get("wrap")}
            for c in compartments]}


def entry_item(entry):
    return [entry["position"], entry["statement_position"], entry["index"], carried_item(entry["carried"])]


def exchange_bodies(log):
    by_id = {vector["id"]: vector["statement"] for vector in log}
    council = [vector for vector in log if vector["origin"] == COUNCIL]
    size_9 = note(COUNCIL_LOG, COUNCIL, 9, root([vector["leaf_hash"] for vector in council[:9]]))
    case = carried(by_id["record"], [CASE_RECORD, CASE_CONTACT, POINTER, MATCH])
    circle = carried(by_id["circle"], grants=[b"grant bytes"])
    push = {"origin": COUNCIL, "first_index": 7, "statements": [circle, case], "head_note": size_9}
    receipts = [{"position": p["position"], "leaf": p["leaf"], "receipt": p["receipt"]}
                for p in admission_proofs(log)[3:5]]
    leaves = [vector["leaf"] for vector in register_leaves(log)]
    head = admission_proofs(log)[-1]["head_note"]
    entries = [
        {"position": 5, "statement_position": 5, "index": 8, "carried": carried(by_id["record"], [CASE_RECORD])},
        {"position": 7, "statement_position": 4, "index": 5, "carried": carried(by_id["record-home"], [REPORT])}]
    page = {"from": 3, "leaves": leaves[3:], "head_note": head, "entries": entries}
    empty = {"from": 8, "leaves": [], "head_note": b"", "entries": []}
    heads = [{"origin": BROKER, "head_note": head}, {"origin": COUNCIL, "head_note": size_9}]
    pointers = [
        {"agency": "council", "area": "ward-3", "category": "noise", "week": "2026-02-23"},
        {"agency": "ask the contact", "area": None, "category": None, "week": None}]
    empty_push = {"origin": BOARD, "first_index": 0, "statements": [carried(by_id["board-genesis"])],
                  "head_note": b""}
    vectors = [
        ("push", {"push": push}, push_item(push)), ("push-bare", {"push": empty_push}, push_item(empty_push)),
        ("answer", {"answer": receipts}, [[r["position"], det([r["leaf"], r["receipt"]])] for r in receipts]),
        ("answer-empty", {"answer": []}, []),
        ("feed", {"feed": page}, feed_item(page)), ("feed-empty", {"feed": empty}, feed_item(empty)),
        ("heads", {"heads": heads}, {h["origin"]: h["head_note"] for h in heads}),
        ("visibility", {"visibility": pointers}, [list(pointer.values()) for pointer in pointers]),
        ("visibility-empty", {"visibility": []}, [])]
    none = {"push": None, "answer": None, "feed": None, "heads": None, "visibility": None}
    return [{"id": name, **(none | parts), "body": det(item)} for name, parts, item in vectors]


def push_item(push):
    return [push["origin"], push["first_index"], [carried_item(c) for c in push["statements"]], push["head_note"]]


def feed_item(page):
    return [page["from"], page["leaves"], page["head_note"], [entry_item(e) for e in page["entries"]]]


def bodies_refused(log):
    entry = carried_item(carried(log[0]["statement"]))
    good, page = [BOARD, 0, [entry], b""], [8, [], b"", []]
    cases = [
        ("push-of-nothing", "push", "shape", [BOARD, 0, [], b""]),
        ("push-513", "push", "shape", [BOARD, 0, [[b"", [], []]] * 513, b""]),
        ("push-three-items", "push", "shape", good[:3]),
        ("push-origin-with-space", "push", "shape", ["a b"] + good[1:]),
        ("push-index-negative", "push", "shape", [BOARD, -1] + good[2:]),
        ("push-note-above-64-kib", "push", "shape", good[:3] + [bytes((64 << 10) + 1)]),
        ("push-statement-above-16-kib", "push", "shape", [BOARD, 0, [[bytes((16 << 10) + 1), [], []]], b""]),
        ("push-compartments-129", "push", "shape", [BOARD, 0, [[b"", [[EPOCH, b"", None]] * 129, []]], b""]),
        ("push-grants-65", "push", "shape", [BOARD, 0, [[b"", [], [b""] * 65]], b""]),
        ("push-grant-above-64-kib", "push", "shape", [BOARD, 0, [[b"", [], [bytes((64 << 10) + 1)]]], b""]),
        ("push-trailing-byte", "push", "cbor", Raw(det(good) + b"\x00")),
        ("push-map", "push", "shape", {1: BOARD}),
        ("answer-map", "answer", "shape", {}),
        ("answer-three-items", "answer", "shape", [[1, b"", None]]),
        ("answer-position-negative", "answer", "shape", [[-1, b""]]),
        ("answer-cut-short", "answer", "cbor", Raw(b"\x81")),
        ("feed-three-items", "feed", "shape", page[:3]),
        ("feed-4097-leaves", "feed", "shape", [0, [b""] * 4097, b"", []]),
        ("feed-leaf-text", "feed", "shape", [0, ["leaf"], b"", []]),
        ("feed-entry-three-items", "feed", "shape", page[:3] + [[[1, 1, 1]]]),
        ("feed-note-null", "feed", "shape", [8, [], None, []]),
        ("visibility-three-items", "visibility", "shape", [["council", None, None]]),
        ("visibility-agency-null", "visibility", "shape", [[None, None, None, None]]),
        ("feed-trailing-byte", "feed", "cbor", Raw(det(page) + b"\x00")),
    ]
    return [{"id": name, "body_kind": kind, "fault": fault, "body": det(item)} for name, kind, fault, item in cases]


def rules_bundles():
    cases = [
        ("two-tables", 1, YAML, TABLES), ("no-tables", 1, YAML, {}), ("later-function", 24, b"", TABLES),
        ("many-tables", 2, YAML * 100, {f"table-{n}": bytes([n]) * n for n in range(12)})]
    return [{
        "id": name, "version": version, "yaml": yaml, "tables": tables, "hash": bundle_hash(version, yaml, tables),
        "preimage": det([1, version, yaml, {table: sha256(data) for table, data in tables.items()}]),
        "bundle": det(bundle_item(version, yaml, tables))} for name, version, yaml, tables in cases]
