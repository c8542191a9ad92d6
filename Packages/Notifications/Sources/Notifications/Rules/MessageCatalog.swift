import ExactTypes
import SharedTypes

/// The words of every message in every language.
enum MessageCatalog {
    /// What a language says. A message that it has no words for does not compile.
    typealias Words = @Sendable (Message, MessageFormat) -> MessageText

    /// By the language of a BCP 47 tag.
    static let languages: [String: Words] = ["en": EnglishMessages.text, "de": GermanMessages.text]

    /// What is spoken where a user's language is not in the catalogue.
    static let standard = "en"

    /// The language of the catalogue that serves a locale: `de` for `de-CH`.
    static func language(for locale: String) -> String {
        let language = locale.prefix { $0 != "-" }.lowercased()
        return languages[language] == nil ? standard : language
    }

    /// A message in a user's language.
    /// - Parameter locale: a BCP 47 tag.
    static func text(of message: Message, locale: String, timeZone: IANATimeZone) -> MessageText {
        let words = languages[language(for: locale)] ?? EnglishMessages.text
        return words(message, MessageFormat(locale: locale, timeZone: timeZone))
    }
}
