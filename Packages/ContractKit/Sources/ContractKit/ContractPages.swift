/// The pages of a list, from the one that the parameters ask for to the last. Each is asked for when the one before it has
/// been used.
///
///     for try await page in client.pages(PortfoliosAPI.ListLots.self, .init(portfolioID: id)) {
///         lots += page.body.items
///     }
public struct ContractPages<List: Endpoint>: AsyncSequence, Sendable
where List.Parameters: PagedParameters, List.Output: PagedOutput, List.Body == EmptyBody {
    let client: ContractClient
    let parameters: List.Parameters

    /// The pages as they are asked for.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, parameters: parameters) }

    /// Asks for one page after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let client: ContractClient
        /// Of the page that comes next; nil after the last.
        var parameters: List.Parameters?

        /// The next page; nil after the last. A page that is refused ends the list.
        public mutating func next() async throws -> List.Output? {
            guard var parameters else { return nil }
            self.parameters = nil
            let page = try await client.send(List.self, parameters)
            if let cursor = page.next {
                parameters.after = cursor
                self.parameters = parameters
            }
            return page
        }
    }
}

extension ContractClient {
    /// The pages of a list, from the one that the parameters ask for to the last.
    public func pages<List: Endpoint>(
        _ list: List.Type, _ parameters: List.Parameters
    ) -> ContractPages<List> { ContractPages(client: self, parameters: parameters) }
}
