import TallystickPrimitives
import Testing

@testable import HTTPTransport

struct RequestTargetTests {
    @Test func readsBackWhatItWrites() throws {
        let values = ["", "plain", "a b", "+", "&=?#%", "ü→", "%41"]
        for name in values where !name.isEmpty {
            for value in values {
                let target = RequestTarget(path: "/v1/feed", query: [name: value, "z.": "1"])
                #expect(RequestTarget(parsing: target.encoded) == target)
            }
        }
        #expect(RequestTarget(path: "/v1/heads", query: [:]).encoded == "/v1/heads")
    }

    @Test(arguments: [
        "", "v1", "http://x/", "/a b", "/ü", "/a#b", "/a/../b", "/.", "/x?a=1&a=1", "/x?a=%4",
        "/x?a=%4g",
        "/x?a=%ff", "/x?=1", "/x?a=+%2", "/x?%",
    ])
    func refusesWhatTwoReadersMightReadDifferently(text: String) {
        #expect(RequestTarget(parsing: text) == nil)
    }

    @Test func namesWithoutValueAndEmptyPairsAreRead() {
        #expect(RequestTarget(parsing: "/x?a&b=&&c=1=2")?.query == ["a": "", "b": "", "c": "1=2"])
    }

    @Test func lengthAndCountAreBounded() {
        let path = "/" + String(repeating: "a", count: Limits.requestTargetByteCount - 1)
        #expect(RequestTarget(parsing: path) != nil)
        #expect(RequestTarget(parsing: path + "a") == nil)
        let pairs = (0...Limits.queryParameterCount).map { "p\($0)=1" }
        #expect(RequestTarget(parsing: "/?" + pairs.dropLast().joined(separator: "&")) != nil)
        #expect(RequestTarget(parsing: "/?" + pairs.joined(separator: "&")) == nil)
    }

    @Test func handlersSeeOnlyKeptHeaders() {
        let request = TransportRequest(
            method: .get, path: "/", headers: ["accept": "x", "authorization": "secret"])
        #expect(request.headers == ["accept": "x"])
    }
}
