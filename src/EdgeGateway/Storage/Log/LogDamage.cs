namespace EdgeGateway.Storage.Log;

/// <summary>Records that were once durable and can no longer be read.</summary>
/// <param name="From">First position lost.</param>
/// <param name="To">First position readable again.</param>
/// <param name="What">In words, with the file's name.</param>
public sealed record LogDamage(long From, long To, string What);
