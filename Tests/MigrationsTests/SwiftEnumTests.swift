import DatabaseClient
import GroveTesting
import SharedTypes
import Testing

/// The Swift enums have the labels of PostgreSQL's, in the same order: none that a program cannot read, none that the
/// database refuses.
@Suite struct SwiftEnumTests {
    private static func labels<E: CaseIterable & RawRepresentable<String>>(_ type: E.Type) -> [String] {
        type.allCases.map(\.rawValue)
    }

    private static let inSwift: [(name: String, labels: [String])] = [
        ("app.cost_basis_method", labels(CostBasisMethod.self)),
        ("audit.actor_kind", labels(ActorKind.self)),
        ("automation.auto_invest_run_status", labels(AutoInvestRunStatus.self)),
        ("automation.catch_up", labels(CatchUp.self)),
        ("automation.frequency", labels(Frequency.self)),
        ("automation.purchase_status", labels(PurchaseStatus.self)),
        ("automation.round_up_entry_status", labels(RoundUpEntryStatus.self)),
        ("automation.round_up_pool_status", labels(RoundUpPoolStatus.self)),
        ("automation.rule_status", labels(RuleStatus.self)),
        ("automation.spending_source_kind", labels(SpendingSourceKind.self)),
        ("automation.spending_source_status", labels(SpendingSourceStatus.self)),
        ("automation.whole_dollar", labels(WholeDollar.self)),
        ("experts.expert_risk_profile", labels(ExpertRiskProfile.self)),
        ("experts.feed_item_status", labels(FeedItemStatus.self)),
        ("experts.feed_kind", labels(FeedKind.self)),
        ("experts.interaction_kind", labels(InteractionKind.self)),
        ("experts.tip_impact", labels(TipImpact.self)),
        ("experts.tip_kind", labels(TipKind.self)),
        ("experts.tip_outcome", labels(TipOutcome.self)),
        ("experts.tip_status", labels(TipStatus.self)),
        ("gamification.achievement_tier", labels(AchievementTier.self)),
        ("gamification.catalogue_status", labels(CatalogueStatus.self)),
        ("gamification.experience_reason", labels(ExperienceReason.self)),
        ("gamification.quest_category", labels(QuestCategory.self)),
        ("gamification.quest_kind", labels(QuestKind.self)),
        ("gamification.reward_track", labels(RewardTrack.self)),
        ("gamification.user_quest_status", labels(UserQuestStatus.self)),
        ("journal.import_status", labels(ImportStatus.self)),
        ("journal.journal_entry_type", labels(JournalEntryType.self)),
        ("journal.month_policy", labels(MonthPolicy.self)),
        ("journal.option_right", labels(OptionRight.self)),
        ("journal.premium_policy", labels(PremiumPolicy.self)),
        ("loans.collateral_level", labels(CollateralLevel.self)),
        ("loans.day_count", labels(DayCount.self)),
        ("loans.loan_application_status", labels(LoanApplicationStatus.self)),
        ("loans.loan_product_status", labels(LoanProductStatus.self)),
        ("loans.loan_status", labels(LoanStatus.self)),
        ("loans.payment_source", labels(PaymentSource.self)),
        ("market.congress_chamber", labels(CongressChamber.self)),
        ("market.congress_owner", labels(CongressOwner.self)),
        ("market.congress_transaction", labels(CongressTransaction.self)),
        ("market.corporate_action_kind", labels(CorporateActionKind.self)),
        ("market.feed_content", labels(FeedContent.self)),
        ("market.instrument_class", labels(InstrumentClass.self)),
        ("market.job_run_status", labels(JobRunStatus.self)),
        ("market.price_adjustment", labels(PriceAdjustment.self)),
        ("notifications.delivery_status", labels(DeliveryStatus.self)),
        ("notifications.digest_frequency", labels(DigestFrequency.self)),
        ("notifications.digest_state", labels(DigestState.self)),
        ("notifications.notification_category", labels(NotificationCategory.self)),
        ("notifications.notification_channel", labels(NotificationChannel.self)),
        ("notifications.notification_priority", labels(NotificationPriority.self)),
        ("notifications.push_platform", labels(PushPlatform.self)),
        ("platform.job_status", labels(JobStatus.self)),
        ("platform.parked_event_status", labels(ParkedEventStatus.self)),
        ("portfolios.basket_status", labels(BasketStatus.self)),
        ("portfolios.basket_visibility", labels(BasketVisibility.self)),
        ("portfolios.closure_kind", labels(ClosureKind.self)),
        ("portfolios.fee_kind", labels(FeeKind.self)),
        ("portfolios.investment_source", labels(InvestmentSource.self)),
        ("portfolios.investment_status", labels(InvestmentStatus.self)),
        ("portfolios.order_side", labels(OrderSide.self)),
        ("portfolios.portfolio_kind", labels(PortfolioKind.self)),
        ("portfolios.posting_account", labels(PostingAccount.self)),
        ("portfolios.rebalance_calendar", labels(RebalanceCalendar.self)),
        ("portfolios.rebalance_order_status", labels(RebalanceOrderStatus.self)),
        ("portfolios.rebalance_skip_reason", labels(RebalanceSkipReason.self)),
        ("portfolios.rebalance_status", labels(RebalanceStatus.self)),
        ("portfolios.rebalance_trigger", labels(RebalanceTrigger.self)),
        ("portfolios.risk_level", labels(RiskLevel.self)),
        ("portfolios.transaction_status", labels(TransactionStatus.self)),
        ("portfolios.transaction_type", labels(TransactionType.self)),
        ("trading.backtest_status", labels(BacktestStatus.self)),
        ("trading.fill_reason", labels(FillReason.self)),
        ("trading.order_type", labels(OrderType.self)),
        ("trading.position_side", labels(PositionSide.self)),
        ("trading.strategy_kind", labels(StrategyKind.self)),
        ("trading.strategy_status", labels(StrategyStatus.self)),
        ("trading.time_in_force", labels(TimeInForce.self)),
        ("trading.trade_side", labels(TradeSide.self)),
        ("trading.trade_source", labels(TradeSource.self)),
        ("trading.trade_status", labels(TradeStatus.self)),
        ("trading.trading_mode", labels(TradingMode.self)),
        ("users.attempt_scope", labels(AttemptScope.self)),
        ("users.curator_status", labels(CuratorStatus.self)),
        ("users.email_token_kind", labels(EmailTokenKind.self)),
        ("users.investing_experience", labels(InvestingExperience.self)),
        ("users.risk_tolerance", labels(RiskTolerance.self)),
        ("users.session_end_reason", labels(SessionEndReason.self)),
        ("users.subscription_change_reason", labels(SubscriptionChangeReason.self)),
        ("users.subscription_tier", labels(SubscriptionTier.self)),
        ("users.theme", labels(Theme.self)),
        ("users.user_status", labels(UserStatus.self)),
    ]

    @Test func theyAgreeWithTheCatalog() async throws {
        try await withTestDatabase { test in
            let rows = try await test.owner.query(
                """
                SELECT format('%s.%s', n.nspname, t.typname),
                    ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
                FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e'
                """
            ).many { (try $0.text(0), try $0.array(1, of: .text)) }
            let inDatabase = Dictionary(uniqueKeysWithValues: rows)
            #expect(inDatabase == Dictionary(uniqueKeysWithValues: Self.inSwift.map { ($0.name, $0.labels) }))
        }
    }
}
