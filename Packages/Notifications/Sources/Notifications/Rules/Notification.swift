import SharedTypes

/// Foundation has a type of this name too; in this module it is ours.
typealias Notification = SharedTypes.Notification
