import CArgon2

/// Argon2id by libargon2: password and salt to a PHC string, and back. It takes tens of milliseconds and
/// memory, so only ``PasswordHasher`` calls it, off the cooperative pool.
struct Argon2id: Sendable {
    /// libargon2's own code for what went wrong: memory, as a rule.
    struct Failure: Error, CustomStringConvertible {
        let code: Int32
        var description: String { "Argon2id failed: \(String(cString: argon2_error_message(code)))" }
    }

    /// OWASP's minimum: 19 MiB, two passes, one lane.
    static let standard = Argon2id(memoryKibibytes: 19_456, passes: 2, lanes: 1)

    let memoryKibibytes: UInt32
    let passes: UInt32
    let lanes: UInt32
    private static let hashLength = 32

    /// What every PHC string of these parameters begins with.
    var prefix: String { "$argon2id$v=19$m=\(memoryKibibytes),t=\(passes),p=\(lanes)$" }

    /// The PHC string of a password. A salt has 16 random bytes.
    func hash(_ password: [UInt8], salt: [UInt8]) throws(Failure) -> String {
        let length = argon2_encodedlen(
            passes, memoryKibibytes, lanes, UInt32(salt.count), UInt32(Self.hashLength), Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            passes, memoryKibibytes, lanes, password, password.count, salt, salt.count, Self.hashLength,
            &encoded,
            length)
        guard code == ARGON2_OK.rawValue else { throw Failure(code: code) }
        return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether the PHC string, of whatever parameters, is of this password.
    static func matches(_ password: [UInt8], _ encoded: String) throws(Failure) -> Bool {
        let code = argon2id_verify(encoded, password, password.count)
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw Failure(code: code)
        }
    }
}
