namespace EdgeGateway.Rules.Delivery;

/// <param name="Id">The same at every try of a message, so that a receiver can tell a repetition.</param>
/// <param name="Attempt">From 1.</param>
internal readonly record struct ParcelContext(string Id, int Attempt);
