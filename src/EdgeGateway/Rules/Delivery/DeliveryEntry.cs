namespace EdgeGateway.Rules.Delivery;

/// <summary>A stored item by its place in the log; what it holds is read when its turn comes.</summary>
internal readonly record struct DeliveryEntry(long Position, int Length, long StoredAt);
