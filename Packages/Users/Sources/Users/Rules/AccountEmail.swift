import ExactTypes
import Mail
import SharedTypes

/// The email of an account: a mail address whose domain has a dot, since mail to it leaves this machine.
struct AccountEmail: Sendable, Hashable {
    let address: MailAddress

    /// The address, the local part as it was written.
    var text: String { address.text }

    /// What tells two addresses apart: `users_email_key` compares the same.
    var key: String { text.lowercased() }

    init(parsing written: String) throws(ParseError) {
        address = try MailAddress(parsing: written)
        guard address.host.contains(".") else {
            throw ParseError(reason: "has no domain like example.com after the @")
        }
    }
}
