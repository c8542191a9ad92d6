import DatabaseClient

/// What the tests call, named here so that `market_service` may run it.
enum CalledStatements {
    static let all: [[Statement]] = [
        ItemsStatements.listItems, ItemsStatements.countItems,
        [
            ItemsStatements.copyItems, ItemsStatements.insertItems, ItemsStatements.streamItems,
            ItemsStatements.streamNames, ItemsStatements.listStock, ItemsStatements.listShelves,
            ItemsStatements.listKinds, ItemsStatements.stockItem,
        ],
    ]
}
