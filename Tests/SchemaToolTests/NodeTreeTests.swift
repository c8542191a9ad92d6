import Testing

@testable import SchemaAnalysis

struct NodeTreeTests {
    @Test func readsNodesListsAndAtoms() throws {
        let tree = try NodeTree(
            parsing:
                #"(({QUERY :commandType 1 :utilityStmt <> :bits (b 8 9) :names ("a\ b" "c\)") :value 4 [ 1 0 ]}))"#
        )
        let query = try #require(tree.outermost("QUERY"))
        #expect(query["commandType"]?.number == 1)
        #expect(query["utilityStmt"] == .null)
        #expect(query["bits"]?.numbers == [8, 9])
        #expect(query["names"]?.items.map(\.text) == ["\"a b\"", "\"c)\""])
        #expect(query["missing"] == nil)
    }

    @Test(arguments: ["({QUERY :a 1)", "{QUERY", "", "({QUERY :a )})"])
    func refusesWhatIsCutOff(_ text: String) {
        #expect(throws: NodeTree.Malformed.self) { try NodeTree(parsing: text) }
    }
}
