import ArgumentParser
import Gamification
import ServiceCommands

/// The gamification context as a service of its own.
@main
struct App: ServiceMain {
    typealias Module = GamificationModule
    static let abstract = "Experience, quests, achievements and the battle pass."
}
