#!/usr/bin/env python3
"""Holds the parts of the verifier against published vectors: python3 selftest.py

RFC 8032 for both ways of checking a signature, and what Tests/Vectors has of Wycheproof, CCTV, RFC 8949, RFC 6962 and
Tallystick's own formats.
"""

import base64
import json
import os
import sys
import unittest

import ed25519
import merkle
import notes
import statements
import strictcbor
import wire
from strictcbor import Refused

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors")

# RFC 8032 section 7.1: public key, message, signature.
RFC8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def vectors(path):
    with open(os.path.join(VECTORS, path), encoding="utf-8") as file:
        return json.load(file)["vectors"]


def checkers():
    found = [ed25519.verify_by_arithmetic]
    return found + [ed25519.verify_by_package] if ed25519.has_package() else found


class Signatures(unittest.TestCase):
    def test_rfc_8032(self):
        for key, text, signature in RFC8032:
            key, text, signature = map(bytes.fromhex, (key, text, signature))
            for check in checkers():
                self.assertTrue(ed25519.is_acceptable_key(key) and check(key, text, signature))
                self.assertFalse(check(key, text + b"!", signature))
                self.assertFalse(check(key, text, signature[:32] + bytes([signature[32] ^ 1]) + signature[33:]))

    def test_wycheproof(self):
        count = 0
        for group in vectors("wycheproof/ed25519_test.json"):
            key = bytes.fromhex(group["publicKey"]["pk"])
            for case in group["tests"]:
                text, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
                for name in ["arithmetic", "package"][: len(checkers())]:
                    ed25519.choose(name)
                    self.assertEqual(ed25519.is_valid(key, text, signature), case["result"] == "valid", case["tcId"])
                    count += 1
        self.assertGreater(count, 100)

    def test_edge_cases_refuse_keys_of_small_order_and_agree(self):
        for case in vectors("wycheproof/cctv_ed25519_edge.json"):
            key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
            flags = case["flags"] or []
            if "low_order_A" in flags or "non_canonical_A" in flags:
                self.assertFalse(ed25519.is_acceptable_key(key), case["number"])
            elif ed25519.is_acceptable_key(key):
                self.assertEqual(len({check(key, case["msg"].encode(), signature) for check in checkers()}), 1)


class Encodings(unittest.TestCase):
    def test_what_is_deterministic_reads_and_encodes_to_itself(self):
        count = 0
        for case in vectors("cbor/appendix_a.json") + vectors("cbor/key_order.json"):
            data = bytes.fromhex(case["hex"])
            try:
                item = strictcbor.decode(data)
            except Refused as refused:
                self.assertIn(str(refused), ("unsupported", "key-order", "indefinite-length"), case)
                continue
            self.assertEqual(strictcbor.encode(item), data)
            count += 1
        self.assertGreater(count, 20)

    def test_what_is_not_is_refused(self):
        for case in vectors("cbor/non_deterministic.json") + vectors("cbor/not_well_formed.json"):
            with self.assertRaises(Refused, msg=case):
                strictcbor.decode(bytes.fromhex(case["hex"]))

    def test_eight_levels_read_and_nine_do_not(self):
        for outer in (b"\x81", b"\xa1\x00", b"\xd2"):
            innermost = b"\x80" if outer == b"\x81" else b"\x00"
            strictcbor.decode(outer * 7 + innermost)
            with self.assertRaisesRegex(Refused, "too-deep"):
                strictcbor.decode(outer * 8 + innermost)

    def test_statements(self):
        for case in vectors("tallystick/statements.json"):
            statement = statements.read(bytes.fromhex(case["statement"]))
            self.assertTrue(statement.is_signed_by(bytes.fromhex(case["public_key"])), case["id"])
            self.assertEqual(statement.key.hex(), case["key_id"])
        for name in ("statements_refused", "payloads_refused"):
            for case in vectors(f"tallystick/{name}.json"):
                statement = statements.read_or_none(bytes.fromhex(case["statement"]))
                key = case.get("public_key")
                if statement is not None and key is not None:
                    key = bytes.fromhex(key)
                    stands = statement.key == statements.key_identifier(key) and statement.is_signed_by(key)
                else:
                    stands = statement is not None
                self.assertFalse(stands, case["id"])

    def test_register_leaves(self):
        for case in vectors("tallystick/register_leaves.json"):
            self.assertIsNotNone(wire.register_leaf(bytes.fromhex(case["leaf"])), case["id"])
        for case in vectors("tallystick/register_leaves_refused.json"):
            self.assertIsNone(wire.register_leaf(bytes.fromhex(case["leaf"])), case["id"])

    def test_pages(self):
        for case in vectors("tallystick/exchange_bodies_refused.json"):
            if case["body_kind"] == "feed":
                with self.assertRaises(Refused, msg=case["id"]):
                    wire.page(bytes.fromhex(case["body"]))


class Trees(unittest.TestCase):
    def test_roots(self):
        path = os.path.join(VECTORS, "merkle/reference_tree.json")
        with open(path, encoding="utf-8") as file:
            reference = json.load(file)
        tree = merkle.Tree()
        for entry in reference["leaf_inputs_hex"]:
            tree.append(merkle.leaf_hash(bytes.fromhex(entry)))
        for case in reference["vectors"]:
            self.assertEqual(tree.root(case["size"]).hex(), case["root"])

    def test_inclusion(self):
        for case in vectors("merkle/inclusion.json"):
            leaf, root = base64.b64decode(case["leafHash"] or ""), base64.b64decode(case["root"] or "")
            path = [base64.b64decode(node) for node in case["proof"] or []]
            found = None
            if len(leaf) == 32 and case["leafIdx"] >= 0:
                found = merkle.root_of_proof(leaf, case["leafIdx"], case["treeSize"], path)
            self.assertEqual(found == root, not case["wantErr"], case["desc"])

    def test_heads_and_receipts(self):
        for case in vectors("tallystick/admission_proofs.json"):
            key, origin = bytes.fromhex(case["public_key"]), case["origin"]
            head = notes.verified(bytes.fromhex(case["head_note"]), origin, {key})
            self.assertEqual((head.size, head.root.hex()), (case["size"], case["root"]))
            leaf, encoded = wire.admission_proof(bytes.fromhex(case["proof"]))
            receipt = wire.receipt(encoded)
            root = merkle.root_of_proof(merkle.leaf_hash(leaf), receipt.index, receipt.size, receipt.path)
            self.assertEqual((root.hex(), receipt.index), (case["root"], case["position"]))
            signed = statements.to_be_signed(receipt.protected, root)
            self.assertTrue(ed25519.is_valid(key, signed, receipt.signature))

    def test_rules_bundles(self):
        for case in vectors("tallystick/rules_bundles.json"):
            body = [bytes(32), strictcbor.Map([("bundle", strictcbor.decode(bytes.fromhex(case["bundle"])))])]
            content = strictcbor.encode([0, strictcbor.encode(body)])
            self.assertEqual(wire.published_bundle_hash(content)[1].hex(), case["hash"])


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False).result.wasSuccessful() else 1)
