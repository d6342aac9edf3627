"""Payloads that a reader must refuse, each wrong in one way, in statements that are otherwise right."""

import struct

from scene import *  # noqa: F403
from tallyformat import CONTROL, XWING, Raw, det, head, key_id, public, sign, some_hash, some_id

RECORD, CIRCLE_KIND = 1, 13
GOOD = descriptor_item(CASE_RECORD["parts"])
HOME = descriptor_item(REPORT["parts"])
CLEAR = descriptor_item(POINTER["parts"])


def items(**changes):
    """The ten items of a good record in a case; k3=… replaces item 3."""
    base = {
        1: 1, 2: CASE, 3: 2, 4: some_hash("previous"), 5: seen_item(SEEN), 6: RECORD, 7: [], 8: [],
        9: decision_item(DECISION), 10: None}
    base.update({int(name[1:]): value for name, value in changes.items()})
    return base


def ordered(pairs):
    """A map with its pairs exactly as given."""
    return Raw(head(5, len(pairs)) + b"".join(det(key) + det(value) for key, value in pairs))


def changed(item, place, value):
    return item[:place] + [value] + item[place + 1:]


def control(kind, body):
    """A statement of a kind that lives in the control stream."""
    return items(k2=CONTROL, k6=kind, k9=None, k10=body)


def circle(place, value):
    body = [
        EPOCH, ["council", "police"], {"record": [[0, 1], some_hash("circle key")]}, 2, BUNDLE, "case-opened"]
    return items(k6=CIRCLE_KIND, k10=changed(body, place, value))


def compartments(*descriptors):
    return items(k7=list(descriptors))


def keys_cases():
    good = list(items().items())
    text_keys = [(str(key), value) for key, value in good]
    return [
        ("wrong-key-set-text", dict(text_keys), "wrong-keys"),
        ("wrong-key-set-from-zero", {key - 1: value for key, value in good}, "wrong-keys"),
        ("missing-key-10", dict(good[:9]), "wrong-keys"),
        ("missing-key-5", dict(good[:4] + good[5:]), "wrong-keys"),
        ("no-keys", {}, "wrong-keys"),
        ("extra-key-11", dict(good + [(11, None)]), "wrong-keys"),
        ("extra-key-0", dict([(0, None)] + good), "wrong-keys"),
        ("not-a-map", [value for _, value in good], "wrong-shape", 0),
        ("format-2", items(k1=2), "unknown-format"),
        ("format-text", items(k1="1"), "unknown-format"),
    ] + [(f"kind-{kind}", items(k6=kind), "unknown-kind") for kind in (23, 27)] + [
        ("kind-text", items(k6="record"), "wrong-shape", 6),
        ("kind-negative", items(k6=-1), "wrong-shape", 6)]


def encoding_cases():
    good = list(items().items())
    swapped = good[:1] + [good[2], good[1]] + good[3:]
    too_deep = [[[[[[[[]]]]]]]]
    return [
        ("keys-out-of-order", ordered(swapped), "key-order"),
        ("key-twice", ordered(good[:3] + [good[2]] + good[3:]), "duplicate-key"),
        ("integer-not-shortest", items(k3=Raw(b"\x18\x02")), "not-shortest"),
        ("integer-not-shortest-16", items(k3=Raw(b"\x19\x00\x02")), "not-shortest"),
        ("length-not-shortest", items(k2=Raw(b"\x58\x10" + CASE)), "not-shortest"),
        ("indefinite-array", items(k7=Raw(b"\x9f\xff")), "indefinite-length"),
        ("indefinite-bytes", items(k2=Raw(b"\x5f\x50" + CASE + b"\xff")), "indefinite-length"),
        ("tag-0", items(k3=Raw(b"\xc0" + det("2026-03-01T09:30:00Z"))), "unsupported"),
        ("tag-1", items(k3=Raw(b"\xc1" + det(NOW))), "unsupported"),
        ("tag-18-inside", items(k3=Raw(b"\xd2\x02")), "wrong-shape", 3),
        ("float-half", items(k3=Raw(b"\xf9\x40\x00")), "unsupported"),
        ("float-double", items(k3=Raw(b"\xfb" + struct.pack(">d", 1.5))), "unsupported"),
        ("undefined", items(k10=Raw(b"\xf7")), "unsupported"),
        ("simple-value", items(k10=Raw(b"\xf0")), "unsupported"),
        ("reserved-additional-information", items(k10=Raw(b"\x1c")), "ill-formed"),
        ("text-not-utf-8", items(k10=Raw(b"\x61\xff")), "invalid-text"),
        ("too-deep", items(k10=too_deep), "too-deep"),
        ("trailing-byte", Raw(det(items()) + b"\x00"), "trailing-bytes"),
        ("cut-short", Raw(det(items())[:-1]), "truncated"),
        ("empty", Raw(b""), "truncated"),
    ]


def place_cases():
    return [
        ("stream-15-bytes", items(k2=CASE[:15]), "wrong-shape", 2),
        ("sequence-negative", items(k3=-1), "wrong-shape", 3),
        ("previous-31-bytes", items(k4=some_hash("previous")[:31]), "wrong-shape", 4),
        ("previous-null", items(k4=None), "wrong-shape", 4),
        ("previous-at-sequence-0", items(k3=0), "previous-does-not-fit-sequence"),
        ("no-previous-at-sequence-1", items(k3=1, k4=b""), "previous-does-not-fit-sequence"),
        ("control-kind-outside-control-stream", items(k6=18, k9=None, k10=[BUNDLE, []]), "kind-not-allowed-in-stream"),
        ("genesis-outside-control-stream",
         items(k6=0, k9=None, k10=["agency", public(COUNCIL_ROOT), some_hash("board")]),
         "kind-not-allowed-in-stream"),
        ("record-in-control-stream", items(k2=CONTROL), "kind-not-allowed-in-stream"),
        ("circle-in-control-stream", circle(3, 2) | {2: CONTROL}, "kind-not-allowed-in-stream"),
        ("seen-two-items", items(k5=[BROKER, 7]), "wrong-shape", 5),
        ("seen-origin-with-space", items(k5=["a b", 7, REGISTER_ROOT]), "wrong-shape", 5),
        ("seen-root-31-bytes", items(k5=[BROKER, 7, REGISTER_ROOT[:31]]), "wrong-shape", 5),
        ("grants-65", items(k8=[some_hash(f"grant {n}") for n in range(65)]), "wrong-shape", 8),
        ("grant-31-bytes", items(k8=[some_hash("grant")[:31]]), "wrong-shape", 8),
        ("duplicate-grant", items(k8=[some_hash("grant")] * 2), "duplicate-grant"),
        ("decision-four-items", items(k9=decision_item(DECISION)[:4]), "wrong-shape", 9),
        ("decision-without-bundle", items(k9=changed(decision_item(DECISION), 0, None)), "wrong-shape", 9),
        ("decision-gateway-capitals", items(k9=changed(decision_item(DECISION), 2, "CDA-1998")), "wrong-shape", 9),
    ]


def compartment_cases():
    def one(name, descriptor):
        return (name, compartments(descriptor), "wrong-shape", 7)

    seventeen = [changed(GOOD, 0, some_id(f"compartment {n}")) for n in range(17)]
    return [
        ("compartments-17", compartments(*seventeen), "wrong-shape", 7),
        ("duplicate-compartment", compartments(GOOD, changed(HOME, 0, GOOD[0])), "duplicate-compartment"),
        one("descriptor-nine-items", GOOD[:9]),
        one("descriptor-eleven-items", GOOD + [None]),
        one("label-capitals", changed(GOOD, 1, "Record")),
        one("label-empty", changed(GOOD, 1, "")),
        one("label-33-characters", changed(GOOD, 1, "a" * 33)),
        one("label-underscore", changed(GOOD, 1, "safe_contact")),
        one("length-not-a-bucket", changed(GOOD, 2, 257)),
        one("length-zero", changed(GOOD, 2, 0)),
        one("length-above-largest", changed(CLEAR, 2, (1 << 20) + 1)),
        one("wrap-missing-in-circle", changed(GOOD, 4, None)),
        one("commitment-missing-in-circle", changed(GOOD, 5, None)),
        one("wrap-at-home", changed(HOME, 4, some_hash("wrap"))),
        one("commitment-missing-at-home", changed(HOME, 5, None)),
        one("wrap-on-clear", changed(CLEAR, 4, some_hash("wrap"))),
        one("commitment-on-clear", changed(CLEAR, 5, some_hash("commitment"))),
        one("field-root-missing", changed(GOOD, 6, None)),
        one("reader-4", changed(CLEAR, 7, 4)),
        one("reader-null", changed(CLEAR, 7, None)),
        one("reader-epoch-15-bytes", changed(GOOD, 7, EPOCH[:15])),
        one("caveats-9", changed(GOOD, 8, [f"caveat-{n}" for n in range(9)])),
        one("caveat-capitals", changed(GOOD, 8, ["No-Onward"])),
        one("expires-beyond-9999", changed(GOOD, 9, LAST_SECOND + 1)),
        one("expires-negative", changed(GOOD, 9, -1)),
        one("expires-text", changed(GOOD, 9, "2026-03-31")),
    ]


def casework_cases():
    address = [COUNCIL, 5, some_id("compartment report")]
    codes = [f"agency-{n:02}" for n in range(65)]
    labels = {"record": [[0, 2], some_hash("circle key")]}
    backwards = {"record": [[1, 0], some_hash("circle key")]}
    finding = ["p" * 10, 4, "field-root"]
    matter = [COUNCIL, CASE]
    cases = [
        ("record-with-control", items(k10=[])),
        ("access-with-control", items(k6=10, k10=0)),
        ("share-of-nothing", items(k6=2, k10=["police", [], None])),
        ("share-129", items(k6=2, k10=["police", [["p", n, EPOCH] for n in range(129)], None])),
        ("share-two-items", items(k6=2, k10=["police", [address]])),
        ("share-expires-beyond-9999", items(k6=2, k10=["police", [address], LAST_SECOND + 1])),
        ("recall-of-nothing", items(k6=6, k10=["police", [], "too-much"])),
        ("recall-129", items(k6=6, k10=["police", [[n, EPOCH] for n in range(129)], "too-much"])),
        ("recall-two-items", items(k6=6, k10=["police", [[5, EPOCH]]])),
        ("recall-with-origin", items(k6=6, k10=["police", [[COUNCIL, 5, EPOCH]], "too-much"])),
        ("recall-without-reason", items(k6=6, k10=["police", [[5, EPOCH]], None])),
        ("recall-ended-log-null", items(k6=6, k10=["police", [[5, EPOCH]], "too-much", None])),
        ("recall-five-items", items(k6=6, k10=["police", [[5, EPOCH]], "too-much", COUNCIL, None])),
        ("recall-from-capitals", items(k6=6, k10=["Police", [[5, EPOCH]], "too-much"])),
        ("recall-index-negative", items(k6=6, k10=["police", [[-1, EPOCH]], "too-much"])),
        ("recall-compartment-15-bytes", items(k6=6, k10=["police", [[5, EPOCH[:15]]], "too-much"])),
        ("handover-two-items", items(k6=12, k10=[matter, "accept"])),
        ("handover-unknown-step", items(k6=12, k10=[matter, "seize", None])),
        ("handover-matter-three-items", items(k6=12, k10=[matter + [0], "accept", None])),
        ("handover-matter-stream-15-bytes", items(k6=12, k10=[[COUNCIL, CASE[:15]], "accept", None])),
        ("handover-accept-four-items", items(k6=12, k10=[matter, "accept", None, None])),
        ("handover-decline-nothing", items(k6=12, k10=[matter, "decline", None])),
        ("handover-withdraw-event-17-bytes", items(k6=12, k10=[matter, "withdraw", [COUNCIL, bytes(17)]])),
        ("handover-offer-four-items", items(k6=12, k10=[matter, "offer", None, "police"])),
        ("handover-offer-to-capitals", items(k6=12, k10=[matter, "offer", None, "Police", None])),
        ("handover-offer-beyond-9999", items(k6=12, k10=[matter, "offer", None, "police", LAST_SECOND + 1])),
        ("handover-release-without-acceptance", items(k6=12, k10=[matter, "release", None, "police", None])),
        ("handover-lead-by-nothing", items(k6=12, k10=[matter, "lead", None])),
        ("handover-lead-four-items", items(k6=12, k10=[matter, "lead", [POLICE, EPOCH], None])),
        ("handover-release-lead-text", items(k6=12, k10=[matter, "release", COUNCIL, "police", [POLICE, EPOCH]])),
        ("withdraw-of-nothing", items(k6=5, k10=["police", [], "not-needed"])),
        ("withdraw-129", items(k6=5, k10=["police", [[n, EPOCH] for n in range(129)], "not-needed"])),
        ("withdraw-two-items", items(k6=5, k10=["police", [[5, EPOCH]]])),
        ("withdraw-with-origin", items(k6=5, k10=["police", [[COUNCIL, 5, EPOCH]], "not-needed"])),
        ("withdraw-without-reason", items(k6=5, k10=["police", [[5, EPOCH]], None])),
        ("withdraw-from-capitals", items(k6=5, k10=["Police", [[5, EPOCH]], "not-needed"])),
        ("withdraw-compartment-15-bytes", items(k6=5, k10=["police", [[5, EPOCH[:15]]], "not-needed"])),
        ("request-without-due", items(k6=3, k10=["police", None])),
        ("request-to-capitals", items(k6=3, k10=["Police", LATER])),
        ("answer-event-17-bytes", items(k6=4, k10=[POLICE, bytes(17)])),
        ("purged-257", items(k6=8, k10=[[some_id(f"gone {n}") for n in range(257)], "retention-ended", None])),
        ("purged-without-reason", items(k6=8, k10=[[EPOCH], None, None])),
        ("erased-of-nothing", items(k6=8, k10=[COUNCIL, EPOCH, [], [], "erased", LATER])),
        ("erased-257", items(k6=8, k10=[COUNCIL, EPOCH, [[n, EPOCH] for n in range(257)], [], "erased", LATER])),
        ("erased-without-day", items(k6=8, k10=[COUNCIL, EPOCH, [[5, EPOCH]], [], "erased", None])),
        ("erased-stream-15-bytes", items(k6=8, k10=[COUNCIL, EPOCH[:15], [[5, EPOCH]], [], "erased", LATER])),
        ("hold-of-nothing", items(k6=9, k10=[[COUNCIL, []], "death"])),
        ("hold-twice", items(k6=9, k10=[[COUNCIL, [EPOCH, EPOCH]], "death"])),
        ("hold-129", items(k6=9, k10=[[COUNCIL, [some_id(f"held {n}") for n in range(129)]], "death"])),
        ("hold-without-reason", items(k6=9, k10=[[COUNCIL, [EPOCH]], None])),
        ("hold-three-items", items(k6=9, k10=[[COUNCIL, [EPOCH]], "death", None])),
        ("hold-lifted-15-bytes", items(k6=9, k10=[EPOCH[:15]])),
        ("erase-step-4", items(k6=7, k10=[4, [COUNCIL, [EPOCH]]])),
        ("erase-asked-of-nothing", items(k6=7, k10=[0, [], LATER])),
        ("erase-asked-without-day", items(k6=7, k10=[0, [EPOCH], None])),
        ("erase-answered-otherwise", items(k6=7, k10=[1, EPOCH, ["perhaps"]])),
        ("erase-kept-without-law", items(k6=7, k10=[1, EPOCH, ["kept", LATER]])),
        ("erase-kept-law-capitals", items(k6=7, k10=[1, EPOCH, ["kept", LATER, "Limitation Act"]])),
        ("erase-nothing-with-day", items(k6=7, k10=[1, EPOCH, ["holds-nothing", LATER]])),
        ("erase-withdrawn-three-items", items(k6=7, k10=[2, EPOCH, None])),
        ("erase-begun-without-log", items(k6=7, k10=[3, [[EPOCH]]])),
        ("received-129-findings", items(k6=11, k10=[9, some_hash("root"), [finding] * 129])),
        ("received-without-root", items(k6=11, k10=[9, None, []])),
        ("circle-members-unsorted", circle(1, ["police", "council"])),
        ("circle-member-twice", circle(1, ["council", "council"])),
        ("circle-without-members", circle(1, [])),
        ("circle-members-65", circle(1, codes)),
        ("circle-place-out-of-range", circle(2, labels)),
        ("circle-places-backwards", circle(2, backwards)),
        ("circle-place-twice", circle(2, {"record": [[0, 0], some_hash("circle key")]})),
        ("circle-label-capitals", circle(2, {"Record": [[0], some_hash("circle key")]})),
        ("circle-commitment-missing", circle(2, {"record": [[0, 1], None]})),
        ("circle-epoch-15-bytes", circle(0, EPOCH[:15])),
        ("circle-without-reason", circle(5, None)),
    ]
    return [(name, payload, "wrong-shape", 10) for name, payload in cases]


def control_cases():
    entry = ["statement", -19, public(COUNCIL_STATEMENT), None]
    board_keys = [public(of) for of in MEMBERS]
    founding = [2, board_keys, public(BOARD_STATEMENT), public(BOARD_LOG)]
    act = det(["jag", 2, BUNDLE])
    signatures = sorted([key_id(public(of)), sign(of, act)] for of in MEMBERS[:2])
    cases = [
        ("genesis-five-items", 0, [1, 2, 3, 4, 5]),
        ("genesis-unknown-party", 0, ["bank", public(COUNCIL_ROOT), some_hash("board")]),
        ("genesis-key-31-bytes", 0, ["agency", bytes(31), some_hash("board")]),
        ("board-keys-unsorted", 0, changed(founding, 1, board_keys[::-1])),
        ("board-key-twice", 0, changed(founding, 1, board_keys[:1] * 2)),
        ("board-without-keys", 0, changed(founding, 1, [])),
        ("board-threshold-0", 0, changed(founding, 0, 0)),
        ("board-threshold-above-keys", 0, changed(founding, 0, 4)),
        ("board-keys-33", 0, changed(founding, 1, sorted(public(bytes([n]) * 32) for n in range(33)))),
        ("keyset-unknown-role", 14, [changed(entry, 0, "tls")]),
        ("keyset-eddsa", 14, [changed(entry, 1, -8)]),
        ("keyset-kem-x25519", 14, [["kem", 0x20, bytes(32), None]]),
        ("keyset-kem-1215-bytes", 14, [["kem", XWING, bytes(1215), None]]),
        ("keyset-key-33-bytes", 14, [changed(entry, 2, bytes(33))]),
        ("keyset-33", 14, [entry] * 33),
        ("revoke-three-items", 15, [some_hash("key"), 5, None]),
        ("revoke-by-board-unsorted", 15, [det(["council", some_hash("key"), 5]), [
            [b"\x02" * 32, bytes(64)], [b"\x01" * 32, bytes(64)]]]),
        ("revoke-by-board-two-items", 15, [det([some_hash("key"), 5]), []]),
        ("reaffirm-no-run", 16, [some_hash("key"), []]),
        ("reaffirm-backwards", 16, [some_hash("key"), [[5, 4]]]),
        ("reaffirm-unsorted", 16, [some_hash("key"), [[5, 6], [1, 2]]]),
        ("reaffirm-touching", 16, [some_hash("key"), [[1, 2], [3, 4]]]),
        ("reaffirm-after-the-last", 16, [some_hash("key"), [[1, (1 << 64) - 1], [0, 0]]]),
        ("reaffirm-257-runs", 16, [some_hash("key"), [[2 * n, 2 * n] for n in range(257)]]),
        ("continues-two-items", 17, [COUNCIL, 5]),
        ("continues-four-items", 17, [COUNCIL, 5, some_hash("root"), None]),
        ("continues-from-nothing", 17, [COUNCIL, 0, some_hash("root")]),
        ("continues-root-31-bytes", 17, [COUNCIL, 5, some_hash("root")[:31]]),
        ("continues-origin-space", 17, [COUNCIL + " r1", 5, some_hash("root")]),
        ("members-none", 24, [det([1, []]), []]),
        ("members-twice", 24, [det([1, [bytes(32), bytes(32)]]), []]),
        ("members-threshold", 24, [det([3, [b"\x01" * 32, b"\x02" * 32]]), []]),
        ("succession-two-same", 25, [det(["council", "council", None, 0, "police"]), []]),
        ("succession-four-items", 25, [det(["council", "unitary", None, 0]), []]),
        ("succession-schedule-alone", 25, [det(["council", "unitary", [some_hash("schedule")], 0, None]), []]),
        ("succession-word-unknown", 25, [EPOCH, "refuses", None]),
        ("succession-word-gives-count", 25, [EPOCH, "gives", 4]),
        ("succession-word-gave-nothing", 25, [EPOCH, "gave", None]),
        ("succession-word-act-15-bytes", 25, [EPOCH[:15], "takes", None]),
        ("reassign-none", 26, [det([[], "node-lost"]), []]),
        ("reassign-twice", 26, [det([[[[COUNCIL, CASE], None, "police", [POLICE, EPOCH]]] * 2, "node-lost"]), []]),
        ("reassign-33", 26, [det([[[[COUNCIL, some_id(str(n))], None, "police", [POLICE, EPOCH]] for n in range(33)],
                                  "node-lost"]), []]),
        ("reassign-without-acceptance", 26, [det([[[[COUNCIL, CASE], None, "police", None]], "node-lost"]), []]),
        ("adopt-nine-offices", 18, [BUNDLE, [f"office-{n}" for n in range(9)]]),
        ("adopt-one-item", 18, [BUNDLE]),
        ("adopt-four-items", 18, [BUNDLE, ["dpo"], "ended", None]),
        ("adopt-five-items", 18, [BUNDLE, ["dpo"], "agree", None, None]),
        ("adopt-consulted-no-office", 18, [BUNDLE, [], "agree", None]),
        ("adopt-consulted-nine-offices", 18, [BUNDLE, [f"office-{n}" for n in range(9)], "agree", None]),
        ("adopt-consulted-other-response", 18, [BUNDLE, ["dpo"], "perhaps", None]),
        ("adopt-consulted-words-short", 18, [BUNDLE, ["dpo"], "object", bytes(15)]),
        ("adopt-consulted-words-text", 18, [BUNDLE, ["dpo"], "object", "no"]),
        ("adopt-ended-nine-offices", 18, [BUNDLE, [f"office-{n}" for n in range(9)], "ended"]),
        ("adopt-ended-without-reason", 18, [BUNDLE, ["dpo"], None]),
        ("adopt-ended-reason-no-code", 18, [BUNDLE, ["dpo"], "We Have Ended"]),
        ("act-not-wrapped", 21, [["jag", 2, BUNDLE], signatures]),
        ("act-not-deterministic", 21, [act[:-1], signatures]),
        ("act-of-another-kind", 22, [act, signatures]),
        ("act-signatures-unsorted", 21, [act, signatures[::-1]]),
        ("act-signature-twice", 21, [act, signatures[:1] * 2]),
        ("act-signature-63-bytes", 21, [act, [changed(signatures[0], 1, bytes(63))]]),
        ("act-signatures-33", 21, [act, sorted([some_hash(str(n)), bytes(64)] for n in range(33))]),
        ("enrol-six-items", 19, [det(["council", "agency", COUNCIL, bytes(32), b"", None]), signatures]),
        ("witnesses-33", 20, [det([["v", "o", False]] * 33), signatures]),
        ("witness-party-number", 20, [det([["v", "o", 0]]), signatures]),
    ]
    return [(name, control(kind, body), "wrong-shape", 10) for name, kind, body in cases]


def refused_payloads():
    cases = keys_cases() + encoding_cases() + place_cases() + compartment_cases() + casework_cases()
    vectors = []
    for name, payload, fault, *key in cases + control_cases():
        encoded = det(payload)
        stream = CONTROL if isinstance(payload, dict) and payload.get(2) == CONTROL else CASE
        vectors.append({
            "id": name, "fault": fault, "key": key[0] if key else None, "payload": encoded,
            "statement": sign_payload(encoded, stream=stream)})
    return vectors
