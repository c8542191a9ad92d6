import Testing

@testable import ServiceKit

@Suite struct HTTPTypesCodecTests {
    @Test(arguments: [
        ("/", "/"), ("/v1/portfolios?limit=5", "/v1/portfolios?limit=5"), ("*", "*"),
        ("http://grove.example/v1/a?b=c", "/v1/a?b=c"), ("HTTPS://grove.example:8080", "/"),
        ("http://grove.example?b=c", "/?b=c"), ("http://grove.example/a#part", "/a"),
        ("/a?next=http://b/c", "/a?next=http://b/c"), ("a?next=http://b/c", "a?next=http://b/c"),
        ("grove.example:443", "grove.example:443"), ("/%E2%82%AC/é", "/%E2%82%AC/é"), ("", ""),
    ])
    func readsThePathOfATarget(_ target: String, _ path: String) {
        #expect(HTTPTypesCodec.path(of: target) == path)
    }
}
