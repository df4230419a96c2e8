namespace EdgeGateway.Jobs;

/// <summary>A rate that grows.</summary>
/// <param name="BasePerMinute">At first, 1 to 1000.</param>
/// <param name="Factor">1.1 to 5.</param>
/// <param name="Notified">Grows whenever so many more were told; null where successes count.</param>
/// <param name="Succeeded">Grows whenever so many more succeeded.</param>
public sealed record ExponentialRollout(int BasePerMinute, double Factor, int? Notified, int? Succeeded);
