import ArgumentParser
import Notifications
import ServiceCommands

/// The notifications context as a service of its own.
@main
struct App: ServiceMain {
    typealias Module = NotificationsModule
    static let abstract = "The inbox with its event stream, preferences, mail and webhooks."
}
