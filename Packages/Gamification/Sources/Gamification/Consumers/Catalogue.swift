import DatabaseClient
import ExactTypes
import Foundation
import Logging
import SharedTypes
import Synchronization

/// What can be earned, read from the tables.
struct Catalogue: Sendable {
    struct OpenQuest: Sendable {
        let row: QuestRow
        let criteria: QuestCriteria

        /// Whether what was told at that moment counts.
        func isOpen(at moment: Date) -> Bool {
            row.startsAt <= moment && row.endsAt.map { moment < $0 } ?? true
        }
    }

    struct QuestAchievement: Sendable {
        let row: AchievementRow
        let criteria: AchievementCriteria
    }

    let quests: [OpenQuest]
    /// By the code of the quest that they ask for.
    let achievements: [String: [QuestAchievement]]
    /// The active ones, the latest first.
    let passes: [BattlePassRow]

    /// The pass of the season that runs at a moment.
    func pass(at moment: Date) -> BattlePassRow? { passes.first { $0.seasonTimes.isRunning(at: moment) } }

    /// Reads the whole catalogue. What the rules cannot read was not written by this module: it is left out
    /// and logged, so that one bad row stops nobody's other quests.
    static func load(_ executor: any QueryExecutor, logger: Logger) async throws -> Catalogue {
        var quests: [OpenQuest] = []
        for row in try await all(
            after: { $0.id }, { try await executor.listActiveQuests(afterID: $0, rowLimit: $1) })
        {
            do throws(FieldError) {
                quests.append(OpenQuest(row: row, criteria: try QuestCriteria(parsing: row.criteria)))
            } catch {
                logger.error(
                    "a quest's criteria cannot be read",
                    metadata: ["quest": "\(row.code)", "fault": "\(error)"])
            }
        }
        var achievements: [String: [QuestAchievement]] = [:]
        let rows = try await all(
            after: { $0.id }, { try await executor.listAchievements(afterID: $0, rowLimit: $1) })
        for row in rows where row.status == .active {
            do throws(FieldError) {
                let criteria = try AchievementCriteria(parsing: row.criteria)
                achievements[criteria.quest, default: []].append(
                    QuestAchievement(row: row, criteria: criteria))
            } catch {
                logger.error(
                    "an achievement's criteria cannot be read",
                    metadata: ["achievement": "\(row.code)", "fault": "\(error)"])
            }
        }
        // A season that an event may still be of is among the last ones.
        let passes = try await executor.listBattlePasses(beforeSeason: Int(Int32.max), rowLimit: 100)
        return Catalogue(
            quests: quests, achievements: achievements, passes: passes.filter { $0.status == .active })
    }

    private static func all<Row, E: Entity>(
        after id: (Row) -> Identifier<E>, _ page: (Identifier<E>, Int) async throws -> [Row]
    ) async throws -> [Row] {
        let limit = 500
        var rows: [Row] = []
        while true {
            let more = try await page(rows.last.map(id) ?? .lowest, limit)
            rows += more
            if more.count < limit { return rows }
        }
    }
}

extension BattlePassRow {
    var seasonTimes: Season {
        Season(number: season, startsAt: startsAt, endsAt: endsAt, claimUntil: claimUntil)
    }
}

/// The catalogue as it was a moment ago, so that not every event reads it: an operator's change counts a
/// second later.
final class CatalogueCache: Sendable {
    private let lifetime: Duration
    private let logger: Logger
    // Held for a copy, never across a suspension.
    private let kept = Mutex<(catalogue: Catalogue, at: ContinuousClock.Instant)?>(nil)

    init(lifetime: Duration, logger: Logger) {
        self.lifetime = lifetime
        self.logger = logger
    }

    /// - Parameter transaction: where it reads: a connection beside it could be the one that all wait for.
    func current(in transaction: DatabaseTransaction) async throws -> Catalogue {
        if let kept = kept.withLock({ $0 }), ContinuousClock.now - kept.at < lifetime {
            return kept.catalogue
        }
        let catalogue = try await Catalogue.load(transaction, logger: logger)
        kept.withLock { $0 = (catalogue, ContinuousClock.now) }
        return catalogue
    }
}
