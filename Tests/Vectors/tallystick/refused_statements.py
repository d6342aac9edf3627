"""Signed envelopes that a reader must refuse; the payload in them is good."""

from refused_payloads import items
from scene import *  # noqa: F403
from tallyformat import GROUP_ORDER, Raw, det, head, header, key_id, public, seed, sign, sign1, signature_input, some_id

KEY = COUNCIL_STATEMENT
EVENT = some_id("event refused")


def good_header():
    return header(key_id(public(KEY)), COUNCIL, CASE, NOW, EVENT)


def wrapped(protected, payload=None, of=KEY, unprotected=None):
    """A statement with this protected header, signed as it should be."""
    payload = det(items()) if payload is None else payload
    encoded = det(protected)
    return sign1(encoded, payload, sign(of, signature_input(encoded, payload)), unprotected)


def with_claims(**changes):
    claims = dict(good_header()[15])
    claims.update({int(name[1:]): value for name, value in changes.items()})
    return wrapped(good_header() | {15: claims})


def without(label):
    return wrapped({key: value for key, value in good_header().items() if key != label})


def with_signature(signature, payload=None):
    return sign1(det(good_header()), det(items()) if payload is None else payload, signature)


def good_signature():
    return sign(KEY, signature_input(det(good_header()), det(items())))


def above_limit(statements):
    """The largest statement with one byte more, signed all the same."""
    largest = next(vector for vector in statements if vector["id"] == "share-largest")
    payload = largest["payload"]
    # The last address becomes one character longer: its origin has 120 characters and so does its length prefix.
    longer = payload.replace(b"\x78\x78" + b"o" * 120, b"\x78\x79" + b"o" * 121, 1)
    return sign_payload(longer, event=EVENT)


def header_cases():
    labels = good_header()
    swapped = Raw(head(5, 5) + b"".join(det(key) + det(labels[key]) for key in (3, 1, 4, 15, 16)))
    claims = dict(labels[15])
    short = {key: value for key, value in claims.items() if key != 6}
    value = "header-value"
    return [
        ("alg-minus-8", wrapped(labels | {1: -8}), "algorithm", None),
        ("alg-es256", wrapped(labels | {1: -7}), "algorithm", None),
        ("alg-text", wrapped(labels | {1: "Ed25519"}), "algorithm", None),
        ("alg-missing", without(1), "missing-label", 1),
        ("content-type-missing", without(3), "missing-label", 3),
        ("kid-missing", without(4), "missing-label", 4),
        ("claims-missing", without(15), "missing-label", 15),
        ("typ-missing", without(16), "missing-label", 16),
        ("content-type-other", wrapped(labels | {3: "application/cbor"}), value, 3),
        ("typ-other", wrapped(labels | {16: "application/cose"}), value, 16),
        ("kid-31-bytes", wrapped(labels | {4: key_id(public(KEY))[:31]}), value, 4),
        ("crit-present", wrapped(labels | {2: [4]}), "unknown-label", None),
        ("label-unknown", wrapped(labels | {5: b""}), "unknown-label", None),
        ("claims-without-iat", wrapped(labels | {15: short}), value, 15),
        ("claims-with-exp", wrapped(labels | {15: claims | {4: LATER}}), value, 15),
        ("iss-with-space", with_claims(c1="council.example log"), value, 15),
        ("iss-with-plus", with_claims(c1="council.example+log"), value, 15),
        ("iss-201-characters", with_claims(c1="c" * 201), value, 15),
        ("iss-empty", with_claims(c1=""), value, 15),
        ("sub-upper-case", with_claims(c2=CASE.hex().upper()), value, 15),
        ("sub-bytes", with_claims(c2=CASE), value, 15),
        ("iat-beyond-9999", with_claims(c6=LAST_SECOND + 1), value, 15),
        ("iat-negative", with_claims(c6=-1), value, 15),
        ("event-17-bytes", with_claims(c7=bytes(17)), value, 15),
        ("header-out-of-order", wrapped(swapped), "header-not-deterministic", None),
        ("header-not-a-map", wrapped([labels]), value, 0),
        ("header-empty", sign1(b"", det(items()), good_signature()), "header-not-deterministic", None),
        ("sub-of-another-stream", with_claims(c2=OWN.hex()), "subject-is-not-stream", None),
    ]


def envelope_cases(statements):
    good = with_signature(good_signature())
    return [
        ("unprotected-not-empty", wrapped(good_header(), unprotected={394: [b""]}), "unprotected-not-empty"),
        ("payload-detached", sign1(det(good_header()), None, good_signature()), "payload-missing"),
        ("payload-text", sign1(det(good_header()), "payload", good_signature()), "not-sign1"),
        ("signature-63-bytes", with_signature(good_signature()[:63]), "signature-length"),
        ("signature-65-bytes", with_signature(good_signature() + b"\x00"), "signature-length"),
        ("untagged", good[1:], "not-sign1"),
        ("tag-98", b"\xd8\x62" + good[1:], "not-sign1"),
        ("five-parts", b"\xd2" + det([det(good_header()), {}, det(items()), good_signature(), None]), "not-sign1"),
        ("trailing-byte", good + b"\x00", "not-sign1"),
        ("cut-short", good[:-1], "not-sign1"),
        ("empty", b"", "not-sign1"),
        ("16-kib-and-1", above_limit(statements), "too-large"),
    ]


def signature_cases():
    """Read well, and do not verify with the council's statement key."""
    good = good_signature()
    scalar = int.from_bytes(good[32:], "little") + GROUP_ORDER
    flipped = good[:40] + bytes([good[40] ^ 1]) + good[41:]
    payload = det(items())
    bare = sign(KEY, payload)
    other_context = sign(KEY, det(["Signature", det(good_header()), b"", payload]))
    other_payload = sign(KEY, signature_input(det(good_header()), det(items(k3=3))))
    other_kid = good_header() | {4: key_id(public(seed(0xA9)))}
    return [
        ("kid-of-another-key", wrapped(other_kid), "wrong-key"),
        ("signed-by-another-key", wrapped(good_header(), of=seed(0xA9)), "bad-signature"),
        ("s-plus-l", with_signature(good[:32] + scalar.to_bytes(32, "little")), "bad-signature"),
        ("one-bit", with_signature(flipped), "bad-signature"),
        ("zero-signature", with_signature(bytes(64)), "bad-signature"),
        ("signed-payload-alone", with_signature(bare), "bad-signature"),
        ("signed-multi-context", with_signature(other_context), "bad-signature"),
        ("signed-another-payload", with_signature(other_payload), "bad-signature"),
    ]


def refused_statements(statements):
    cases = header_cases() + [case + (None,) for case in envelope_cases(statements)]
    vectors = [
        {"id": name, "fault": fault, "label": label, "public_key": None, "statement": entry}
        for name, entry, fault, label in cases]
    return vectors + [
        {"id": name, "fault": fault, "label": None, "public_key": public(KEY), "statement": entry}
        for name, entry, fault in signature_cases()]
