extension Task where Failure == Never {
    /// Its value, for who has begun it: who is cancelled while waiting cancels it too.
    var ownedValue: Success {
        get async {
            await withTaskCancellationHandler { await value } onCancel: { cancel() }
        }
    }
}
