import Testing

@testable import Mail

@Suite struct MailSettingsTests {
    private let complete = ["MAIL_URL": "smtp://mail.example.com:587", "MAIL_FROM": "grove@example.com"]

    @Test func areReadFromTheEnvironment() throws {
        let settings = try #require(
            try MailSettings(
                values: complete.merging(["MAIL_USER": "grove", "MAIL_PASSWORD": "secret"]) { $1 }))
        #expect(settings.url == "smtp://mail.example.com:587/example.com")
        #expect(settings.sender.text == "grove@example.com")
        #expect(settings.senderName == "Grove")
        #expect(settings.user == "grove")
        #expect(settings.requiresTLS)
        #expect(try MailSettings(values: ["MAIL_FROM": "grove@example.com"]) == nil)
        let open = try MailSettings(values: complete.merging(["MAIL_REQUIRE_TLS": "false"]) { $1 })
        #expect(open?.requiresTLS == false)
    }

    @Test(arguments: [
        ("MAIL_URL", "http://mail.example.com"), ("MAIL_FROM", "grove"), ("MAIL_FROM", ""),
        ("MAIL_REQUIRE_TLS", "no"),
    ])
    func nameTheKeyAtFault(_ key: String, _ value: String) {
        let fault = #expect(throws: MailSettingFault.self) {
            try MailSettings(values: complete.merging([key: value]) { $1 })
        }
        #expect(fault?.key == key)
        #expect(fault?.value == value)
    }
}
