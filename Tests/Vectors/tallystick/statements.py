"""One statement of every kind, with every part of its payload spelt out."""

from scene import *  # noqa: F403
from tallyformat import (
    CONTROL, XWING, bundle_hash, det, key_id, leaf_hash, public, seed, sha256, signature_input, some_hash,
    some_id, statement, header)

KINDS = {
    "genesis": 0, "record": 1, "share": 2, "request": 3, "answer": 4, "withdraw": 5, "recall": 6, "erase": 7, "purged": 8,
    "hold": 9, "access": 10, "received": 11,
    "circle": 13, "keyset": 14, "revoke": 15, "adopt": 18, "enrol": 19, "witnesses": 20, "protocol": 21,
    "activate": 22, "reaffirm": 16, "continues": 17, "members": 24, "handover": 12, "succession": 25, "reassign": 26}


def address(parts):
    """A stream or an event by its full name."""
    return None if parts is None else list(parts.values())


def control_item(kind, parts):
    """The control body of a kind; `parts` has the names that the vectors give them."""
    if parts is None:
        return None
    get = parts.get
    if kind == "genesis" and "threshold" in parts:
        return [parts["threshold"], parts["board_keys"], parts["statement_key"], parts["log_key"]]
    if kind == "genesis":
        return [parts["party"], parts["root_key"], parts["board_fingerprint"]]
    if kind == "share":
        addresses = [[a["origin"], a["index"], a["compartment"]] for a in parts["addresses"]]
        return [parts["recipient"], addresses, get("expires")]
    if kind == "request":
        return [parts["asked"], parts["due"]]
    if kind == "answer":
        return [parts["request_origin"], parts["request_event"]]
    if kind in ("withdraw", "recall"):
        ended = [parts["ended_log"]] if "ended_log" in parts else []
        return [parts["recipient"], [[p["index"], p["compartment"]] for p in parts["places"]], parts["reason"]] + ended
    if kind == "continues":
        return [parts["origin"], parts["size"], parts["root"]]
    if kind == "purged" and "stream" in parts:
        places = [[p["index"], p["compartment"]] for p in parts["places"]]
        return [parts["origin"], parts["stream"], places, parts["grant_indexes"], parts["reason"], parts["backups_by"]]
    if kind == "erase" and "question" in parts:
        reply = [parts["reply"]] + ([parts["until"], parts["law"]] if "law" in parts else []) if "reply" in parts else None
        return [2, parts["question"]] if reply is None else [1, parts["question"], reply]
    if kind == "erase":
        return [0, parts["streams"], parts["due"]] if "due" in parts else [3, [parts["origin"], parts["streams"]]]
    if kind == "hold":
        return [parts["question"]] if "question" in parts else [[parts["origin"], parts["streams"]], parts["reason"]]
    if kind == "handover":
        tail = {
            "offer": lambda: [address(get("lead")), parts["recipient"], get("due")],
            "accept": lambda: [address(get("offer"))], "decline": lambda: [address(parts["offer"])],
            "withdraw": lambda: [address(parts["offer"])],
            "lead": lambda: [address(parts["lead"])],
            "release": lambda: [address(get("lead")), parts["recipient"], address(parts["because"])]}
        return [address(parts["matter"]), parts["step"]] + tail[parts["step"]]()
    if kind == "succession" and "word" in parts:
        return [parts["succession"], parts["word"], get("count")]
    if kind == "purged":
        return [parts["compartments"], parts["reason"], get("backups_by")]
    if kind == "received":
        findings = [[f["origin"], f["index"], f["finding"]] for f in parts["findings"]]
        return [parts["register_size"], parts["register_root"], findings]
    if kind == "circle":
        labels = {name: [due["members"], due["key_commitment"]] for name, due in parts["labels"].items()}
        return [
            parts["epoch"], parts["members"], labels, parts["from_sequence"], get("bundle"), parts["reason"]]
    if kind == "keyset":
        return [[k["role"], k["algorithm"], k["key"], k.get("expires")] for k in parts["keys"]]
    if kind == "reaffirm":
        return [parts["key_id"], parts["indexes"]]
    if kind == "revoke" and "act" not in parts:
        return [parts["key_id"], parts["compromised_after"]]
    if kind == "adopt" and "response" in parts:
        return [parts["bundle"], parts["offices"], parts["response"], get("words")]
    if kind == "adopt":
        return [parts["bundle"], parts["offices"]] + ([parts["reason"]] if "reason" in parts else [])
    return [parts["act"], [[s["key_id"], s["signature"]] for s in parts["signatures"]]]


class Log:
    """Writes statements to the streams of one log, and collects them as vectors."""

    def __init__(self, origin, log):
        self.origin, self.heads, self.log = origin, {}, log

    def add(self, name, kind, control, of, *, stream=CONTROL, event=None, seen=None, compartments=(), grants=(),
            decision=None):
        sequence, previous = self.heads.get(stream, (-1, b""))
        sequence, event = sequence + 1, event or some_id("event " + name)
        payload = det({
            1: 1, 2: stream, 3: sequence, 4: previous, 5: seen_item(seen), 6: KINDS[kind],
            7: [descriptor_item(part) for part in compartments], 8: list(grants), 9: decision_item(decision),
            10: control_item(kind, control)})
        entry = statement(payload, of, self.origin, stream, NOW, event)
        protected = det(header(key_id(public(of)), self.origin, stream, NOW, event))
        self.heads[stream] = (sequence, sha256(entry))
        self.log.append({
            "id": name, "kind": KINDS[kind], "seed": of, "public_key": public(of), "key_id": key_id(public(of)),
            "origin": self.origin, "event": event, "issued_at": NOW, "stream": stream, "sequence": sequence,
            "previous": previous, "seen": seen, "compartments": list(compartments), "grants": list(grants),
            "decision": decision, "control": control, "payload": payload, "protected": protected,
            "sig_structure": signature_input(protected, payload), "statement": entry, "hash": sha256(entry),
            "leaf_hash": leaf_hash(entry)})
        return entry


def enrolment(agency, party, origin, root_key, expires=None, scope=None):
    return {
        "agency": agency, "party": party, "origin": origin, "root_key": root_key, "certificate": bytes(range(64)),
        "expires": expires, "scope": scope}


def acts():
    """The board's acts as (name, kind, decision, signers)."""
    auditor = enrolment(
        "auditor-1", "auditor", "auditor.example/tallystick/log/1", public(seed(0xD0)), NOW + 365 * 86_400,
        "cases closed in 2025")
    witness = "witness.example+12345678+BKqrGqvU1v3fzjTqQYDU5uJ1xk3Jt6YF0FZz2bWf1x2Q"
    bundle = bundle_hash(1, YAML, TABLES)
    return [
        ("enrol", 19, enrolment("council", "agency", COUNCIL, public(COUNCIL_ROOT)), MEMBERS[:2]),
        ("enrol-auditor", 19, auditor, MEMBERS),
        ("witnesses", 20, {"witnesses": [
            {"verifier_key": witness, "operator": "County Records Office", "is_party": False},
            {"verifier_key": witness + "A", "operator": "council", "is_party": True}]}, MEMBERS[1:]),
        ("protocol", 21, {"code": "jag", "version": 2, "bundle": bundle}, [MEMBERS[0], MEMBERS[2]]),
        ("activate", 22, {"bundle": bundle, "position": 12}, MEMBERS[:2]),
        ("revoke-by-board", 15, {
            "agency": "council", "key_id": key_id(public(COUNCIL_LOG)), "compromised_after": 9}, MEMBERS[1:]),
        ("members", 24, {
            "threshold": 2, "board_keys": sorted(public(of) for of in MEMBERS[1:] + [seed(0xB9)])}, MEMBERS[1:]),
        ("succession", 25, {
            "predecessor": "council", "successor": "unitary", "schedule": None, "position": 40, "keeper": "unitary"},
         MEMBERS[:2]),
        ("succession-part", 25, {
            "predecessor": "council", "successor": "police",
            "schedule": {"hash": some_hash("schedule"), "case_count": 400}, "position": 0, "keeper": None}, MEMBERS[:2]),
        ("reassign", 26, {"moves": [
            {"matter": {"origin": COUNCIL, "stream": CASE}, "lead": None, "recipient": "police",
             "acceptance": {"origin": POLICE, "event": some_id("event would take")}},
            {"matter": {"origin": COUNCIL, "stream": OWN},
             "lead": {"origin": COUNCIL, "event": some_id("event released")}, "recipient": "police",
             "acceptance": {"origin": POLICE, "event": some_id("event would take too")}}],
            "reason": "node-lost"}, MEMBERS[:2]),
    ]


def act_item(decision):
    """The parts of a decision stand in the order in which they are written above."""
    if "witnesses" in decision:
        return [list(entry.values()) for entry in decision["witnesses"]]
    if "moves" in decision:
        return [[[address(m["matter"]), address(m["lead"]), m["recipient"], address(m["acceptance"])]
                 for m in decision["moves"]], decision["reason"]]
    return [list(part.values()) if isinstance(part, dict) else part for part in decision.values()]


def board_vectors():
    vectors = []
    for name, kind, decision, signers in acts():
        event = some_id("event " + name)
        encoded, message, signatures = board_act(act_item(decision), BOARD, event, kind, signers)
        vectors.append({
            "id": name, "origin": BOARD, "event": event, "kind": kind, "decision": decision, "act": encoded,
            "bytes_to_sign": message, "signers": [{"seed": of, "public_key": public(of)} for of in signers],
            "signatures": [{"key_id": of, "signature": signature} for of, signature in signatures]})
    return vectors


def statement_vectors():
    log = []
    board = Log(BOARD, log)
    genesis = board.add("board-genesis", "genesis", {
        "threshold": 2, "board_keys": sorted(public(of) for of in MEMBERS),
        "statement_key": public(BOARD_STATEMENT), "log_key": public(BOARD_LOG)}, BOARD_STATEMENT)
    names = {19: "enrol", 20: "witnesses", 21: "protocol", 22: "activate", 15: "revoke", 24: "members",
             25: "succession", 26: "reassign"}
    for vector in board_vectors():
        control = {
            "decision": vector["decision"], "act": vector["act"], "signatures": vector["signatures"]}
        board.add(
            vector["id"], names[vector["kind"]], control, BOARD_STATEMENT, event=vector["event"],
            compartments=[PUBLISHED["parts"]] if vector["id"] == "protocol" else [])
    add_council(Log(COUNCIL, log), sha256(genesis))
    add_continued(Log(COUNCIL + "/r1", log))
    return log


def add_continued(council):
    """The log in which the council goes on; what it takes back is in the one before."""
    council.add("continues", "continues", {
        "origin": COUNCIL, "size": 1 << 33, "root": some_hash("root of the log that ends")}, COUNCIL_ROOT, seen=SEEN)
    for kind in ("recall", "withdraw"):
        council.add(kind + "-ended-log", kind, {"recipient": "police", "places": [
            {"index": 5, "compartment": REPORT["parts"]["id"]}], "reason": "not-needed", "ended_log": COUNCIL},
            COUNCIL_STATEMENT, stream=CASE, seen=SEEN)


def add_council(council, fingerprint):
    root, of = COUNCIL_ROOT, COUNCIL_STATEMENT
    council.add("genesis", "genesis", {
        "party": "agency", "root_key": public(root), "board_fingerprint": fingerprint}, root)
    council.add("keyset", "keyset", {"keys": [
        {"role": "statement", "algorithm": -19, "key": public(of), "expires": None},
        {"role": "log", "algorithm": -19, "key": public(COUNCIL_LOG), "expires": LATER},
        {"role": "witness", "algorithm": -19, "key": public(COUNCIL_WITNESS), "expires": None},
        {"role": "kem", "algorithm": XWING, "key": KEM.public, "expires": LATER}]}, root)
    council.add("revoke", "revoke", {
        "key_id": key_id(public(seed(0xAF))), "compromised_after": 5}, root, seen=SEEN)
    council.add("adopt", "adopt", {"bundle": BUNDLE, "offices": ["dpo", "caldicott-guardian"]}, of, seen=SEEN)
    council.add("circle-own", "circle", {
        "epoch": some_id("epoch own"), "members": ["council"], "labels": {}, "from_sequence": 0, "bundle": None,
        "reason": "own-use"}, of, stream=OWN, seen=SEEN)
    council.add(
        "record-home", "record", None, of, stream=OWN, event=REPORT_EVENT, seen=SEEN,
        compartments=[REPORT["parts"]])
    council.add("access", "access", None, of, stream=OWN, seen=SEEN)
    council.add("circle", "circle", {
        "epoch": EPOCH, "members": ["council", "police"], "labels": CIRCLE_LABELS, "from_sequence": 0,
        "bundle": BUNDLE, "reason": "case-opened"}, of, stream=CASE, seen=SEEN, decision=DECISION,
        grants=[some_hash("grant to the police")])
    council.add(
        "record", "record", None, of, stream=CASE, event=CASE_EVENT, seen=SEEN, decision=DECISION,
        compartments=[CASE_RECORD["parts"], CASE_CONTACT["parts"], POINTER["parts"], MATCH["parts"]])
    council.add("share", "share", {"recipient": "police", "addresses": [
        {"origin": COUNCIL, "index": 5, "compartment": REPORT["parts"]["id"]},
        {"origin": COUNCIL, "index": 8, "compartment": CASE_CONTACT["parts"]["id"]}], "expires": LATER}, of,
        stream=CASE, seen=SEEN, decision=DECISION,
        grants=[some_hash("direct grant one"), some_hash("direct grant two")])
    emergency = {
        "bundle": None, "purpose": "protect-life", "gateway": "emergency", "basis": "art-6-1-d", "condition": None}
    council.add(
        "record-emergency", "record", None, of, stream=CASE, seen=SEEN, decision=emergency,
        grants=[some_hash("grant in an emergency")])
    duty = {
        "bundle": None, "purpose": "data-protection", "gateway": "data-protection", "basis": "legal-obligation",
        "condition": None}
    council.add("record-data-protection", "record", None, of, stream=CASE, seen=SEEN, decision=duty)
    council.add("recall", "recall", {"recipient": "police", "places": [
        {"index": 5, "compartment": REPORT["parts"]["id"]},
        {"index": 8, "compartment": CASE_CONTACT["parts"]["id"]}], "reason": "wrong-agency"}, of,
        stream=CASE, seen=SEEN)
    council.add("recall-128", "recall", {"recipient": "police", "places": [
        {"index": 1 << 33, "compartment": some_id(f"recalled {n}")} for n in range(128)], "reason": "too-much"}, of,
        stream=CASE, seen=SEEN)
    council.add("withdraw", "withdraw", {"recipient": "police", "places": [
        {"index": 5, "compartment": REPORT["parts"]["id"]},
        {"index": 8, "compartment": CASE_CONTACT["parts"]["id"]}], "reason": "consent-withdrawn"}, of,
        stream=CASE, seen=SEEN)
    council.add("withdraw-128", "withdraw", {"recipient": "police", "places": [
        {"index": 1 << 33, "compartment": some_id(f"withdrawn {n}")} for n in range(128)], "reason": "not-needed"}, of,
        stream=CASE, seen=SEEN)
    council.add("request", "request", {"asked": "police", "due": LATER}, of, stream=CASE, seen=SEEN)
    council.add("answer", "answer", {
        "request_origin": POLICE, "request_event": some_id("event asked")}, of, stream=CASE, seen=SEEN)
    council.add("purged", "purged", {
        "compartments": [REPORT["parts"]["id"], some_id("compartment gone")], "reason": "retention-ended",
        "backups_by": LATER}, of, stream=CASE, seen=SEEN)
    council.add("purged-no-backups", "purged", {
        "compartments": [], "reason": "erasure-request", "backups_by": None}, of, stream=CASE, seen=SEEN)
    gone = [{"index": 5, "compartment": REPORT["parts"]["id"]}, {"index": 1 << 33, "compartment": some_id("erased")}]
    council.add("purged-erased", "purged", {
        "origin": COUNCIL, "stream": OWN, "places": gone, "grant_indexes": [4, 1 << 33], "reason": "erased",
        "backups_by": LATER}, of, stream=CASE, seen=SEEN)
    council.add("purged-erased-of-another", "purged", {
        "origin": POLICE, "stream": CASE, "places": [], "grant_indexes": [7], "reason": "erased", "backups_by": LATER},
        of, stream=CASE, seen=SEEN)
    council.add("hold", "hold", {
        "origin": POLICE, "streams": [CASE, OWN], "reason": "inquest"}, of, stream=CASE, seen=SEEN)
    council.add("hold-128", "hold", {
        "origin": COUNCIL, "streams": [some_id(f"held {n}") for n in range(128)], "reason": "death"}, of, stream=CASE,
        seen=SEEN)
    council.add("hold-lifted", "hold", {"question": some_id("event hold")}, of, stream=CASE, seen=SEEN)
    council.add("erase-asked", "erase", {"streams": [CASE, OWN], "due": LATER}, of, stream=CASE, seen=SEEN)
    for reply in ("will-erase", "holds-nothing"):
        council.add("erase-answered-" + reply, "erase", {
            "question": some_id("event question"), "reply": reply}, of, stream=CASE, seen=SEEN)
    council.add("erase-answered-kept", "erase", {
        "question": some_id("event question"), "reply": "kept", "until": LATER, "law": "limitation-act-1980"}, of,
        stream=CASE, seen=SEEN)
    council.add("erase-withdrawn", "erase", {"question": some_id("event question")}, of, stream=CASE, seen=SEEN)
    council.add("erase-begun", "erase", {"origin": POLICE, "streams": [CASE]}, of, stream=CASE, seen=SEEN)
    findings = [{"origin": POLICE, "index": 4, "finding": "compartment-mismatch"},
                {"origin": POLICE, "index": 1 << 33, "finding": "wrong-key-commitment"}]
    council.add("received", "received", {
        "register_size": 9, "register_root": some_hash("register root at 9"), "findings": findings}, of,
        stream=CASE, seen=SEEN)
    council.add("received-nothing-wrong", "received", {
        "register_size": 10, "register_root": some_hash("register root at 10"), "findings": []}, of, stream=CASE,
        seen=SEEN)
    council.add("share-largest", "share", largest_share(council), of, stream=CASE, seen=SEEN)
    council.add("adopt-ended", "adopt", {
        "bundle": BUNDLE, "offices": ["dpo"], "reason": "review-overdue"}, of, seen=SEEN)
    council.add("reaffirm", "reaffirm", {
        "key_id": key_id(public(seed(0xAF))), "indexes": [[2, 2], [4, 9], [11, 11]]}, of, seen=SEEN)
    matter = {"origin": COUNCIL, "stream": CASE}
    offer = {"origin": COUNCIL, "event": some_id("event handover-offer")}
    council.add("handover-offer", "handover", {
        "matter": matter, "step": "offer", "lead": None, "recipient": "police", "due": LATER}, of, stream=CASE,
        seen=SEEN, decision=DECISION)
    council.add("handover-offer-no-day", "handover", {
        "matter": matter, "step": "offer", "lead": {"origin": POLICE, "event": some_id("event released back")},
        "recipient": "police", "due": None}, of, stream=CASE, seen=SEEN)
    council.add("handover-accept", "handover", {"matter": matter, "step": "accept", "offer": offer}, of, stream=CASE,
                seen=SEEN)
    council.add("handover-accept-unasked", "handover", {"matter": matter, "step": "accept", "offer": None}, of,
                stream=CASE, seen=SEEN)
    council.add("handover-decline", "handover", {"matter": matter, "step": "decline", "offer": offer}, of,
                stream=CASE, seen=SEEN)
    council.add("handover-withdraw", "handover", {"matter": matter, "step": "withdraw", "offer": offer}, of,
                stream=CASE, seen=SEEN)
    council.add("handover-release", "handover", {
        "matter": matter, "step": "release", "lead": None, "recipient": "police",
        "because": {"origin": POLICE, "event": some_id("event accepted")}}, of, stream=CASE, seen=SEEN,
        decision=DECISION)
    council.add("handover-lead", "handover", {
        "matter": matter, "step": "lead", "lead": {"origin": POLICE, "event": some_id("event released")}}, of,
        stream=CASE, seen=SEEN)
    for word, count in (("gives", None), ("takes", None), ("gave", 12), ("took", 0)):
        council.add("succession-" + word, "succession", {
            "succession": some_id("event succession"), "word": word, "count": count}, of, seen=SEEN)
    council.add("adopt-consulted", "adopt", {
        "bundle": BUNDLE, "offices": ["dpo"], "response": "agree", "words": None}, of, seen=SEEN)
    council.add("adopt-consulted-words", "adopt", {
        "bundle": BUNDLE, "offices": ["dpo", "caldicott-guardian"], "response": "concern",
        "words": WORDS["parts"]["id"]}, of, seen=SEEN, compartments=[WORDS["parts"]])


def largest_share(council, limit=16 << 10):
    """A share that makes a statement of exactly the largest size."""
    sequence, previous = council.heads[CASE]
    shared = some_id("compartment shared")
    for count in range(100, 129):
        for length in range(30, 201):
            addresses = [
                {"origin": "o" * (length if place == 0 else 120), "index": place, "compartment": shared}
                for place in range(count)]
            control = {"recipient": "police", "addresses": addresses, "expires": None}
            payload = det({
                1: 1, 2: CASE, 3: sequence + 1, 4: previous, 5: seen_item(SEEN), 6: 2, 7: [], 8: [], 9: None,
                10: control_item("share", control)})
            size = len(sign_payload(payload))
            if size == limit:
                return control
            if size > limit or size < limit - 200:
                break
    raise ValueError("no share of that size")
