import Testing

@testable import ServiceKit

@Suite struct ClientAddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        // As some proxies append it: the port is another at each connection.
        ("192.0.2.7:49152", "192.0.2.7", "192.0.2.7"), (" 192.0.2.7\t", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7", "192.0.2.7"),
        ("0:0:0:0:0:ffff:c000:0207", "192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7", "192.0.2.7"), ("2002:c000:207::1", "192.0.2.7", "192.0.2.7"),
        ("2002:c000:207:ffff::1", "192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:FFFF", "2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("[2001:db8::1]", "2001:db8::1", "2001:db8:0:0::/64"),
        ("[2001:db8::1]:443", "2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "::1", "0:0:0:0::/64"), ("fe80::1%eth0", "fe80::1", "fe80:0:0:0::/64"),
        ("fe80::2%25en1", "fe80::2", "fe80:0:0:0::/64"),
    ])
    func readsEveryForm(text: String, description: String, network: String) throws {
        let address = try #require(ClientAddress(parsing: text))
        #expect(address.description == description)
        #expect(address.network == network)
        // Substrings too, as the hops of a header are.
        #expect(ClientAddress(parsing: text[...]) == address)
    }

    @Test(arguments: [
        "", " ", "unknown", "_hidden", "example.com", "example.com:80", "192.0.2", "192.0.2.256",
        "192.0.2.7.1",
        "192.0.2.7/24", "0x7f.1", "2130706433", "192.0.2.7\u{0}", "192.0.2.7\u{0}.evil", "²0.0.2.7",
        "٣.0.0.1",
        ":", "::", "%", "[", "[]", "[::1", "]", "1:2:3:4:5:6:7:8:9", "::g", "12345::", "::1\u{0}", "%eth0",
        "2001:db8::1::2", String(repeating: ":", count: 5_000), String(repeating: "9", count: 5_000),
        "\u{301}", "🌲",
    ])
    func isTotalForAnythingElse(text: String) {
        // "::" is an address, of the unspecified host; the rest is none.
        #expect((ClientAddress(parsing: text) == nil) == (text != "::"))
    }

    @Test func sixtyAddressesOfANetworkCountAsOne() {
        let networks = (1...60).compactMap {
            ClientAddress(parsing: "2001:db8:0:7:\(String($0, radix: 16))::1")?.network
        }
        #expect(networks.count == 60)
        #expect(Set(networks) == ["2001:db8:0:7::/64"])
    }
}
