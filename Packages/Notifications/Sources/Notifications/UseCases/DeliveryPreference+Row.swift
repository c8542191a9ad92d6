import SharedTypes

extension DeliveryPreference {
    init(_ row: NotificationPreferenceRow) {
        var quiet: QuietHours?
        if let from = row.quietFrom, let until = row.quietUntil {
            quiet = QuietHours(from: from, until: until)
        }
        self.init(isEnabled: row.enabled, quiet: quiet, digest: row.digest)
    }
}
