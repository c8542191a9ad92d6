/// The words of a message that carries a token.
struct EmailText: Sendable, Equatable {
    let subject: String
    let body: String

    /// - Parameter publicURL: where people reach Grove; with it the message holds a link, and else the token with what to
    ///   do with it.
    static func verification(_ token: OpaqueToken, publicURL: String?) -> EmailText {
        let steps =
            if let publicURL {
                link(to: "verify-email", at: publicURL, token, "Verify this email within three days")
            } else {
                bareToken(
                    token, "Verify this email within three days",
                    request: "POST /v1/email-verifications/confirm", json: #"{"token": "…"}"#)
            }
        return EmailText(
            subject: "Verify your email for Grove",
            body: """
                Welcome to Grove.

                \(steps)

                If you did not sign up, ignore this message: the email is then never verified.
                """)
    }

    /// - Parameter publicURL: as for ``verification(_:publicURL:)``.
    static func passwordReset(_ token: OpaqueToken, publicURL: String?) -> EmailText {
        let steps =
            if let publicURL {
                link(to: "reset-password", at: publicURL, token, "Set it within one hour")
            } else {
                bareToken(
                    token, "Set it within one hour", request: "POST /v1/password-resets/confirm",
                    json: #"{"token": "…", "new_password": "…"}"#)
            }
        return EmailText(
            subject: "Set a new password for Grove",
            body: """
                Someone asked to set a new password for the Grove account with this email.

                \(steps)

                If it was not you, ignore this message: your password stays as it is.
                """)
    }

    private static func link(
        to page: String, at publicURL: String, _ token: OpaqueToken, _ purpose: String
    ) -> String {
        """
        \(purpose) by this link:

        \(publicURL)/\(page)?token=\(token.text)
        """
    }

    private static func bareToken(
        _ token: OpaqueToken, _ purpose: String, request: String, json: String
    ) -> String {
        """
        \(purpose) with this token. Enter it where Grove asks for it:

        \(token.text)

        A program sends it to

            \(request)
            \(json)
        """
    }
}
