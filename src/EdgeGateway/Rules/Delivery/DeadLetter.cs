namespace EdgeGateway.Rules.Delivery;

/// <summary>A message that was given up.</summary>
/// <param name="Resource">Where it should have gone.</param>
/// <param name="Topic">Of the message it came of.</param>
/// <param name="Error">Why, in words.</param>
public sealed record DeadLetter(long Id, string Rule, string Place, string Action, string Resource, string Topic, string Error, string Code, int Attempts, DateTimeOffset StoredAt, DateTimeOffset GivenUpAt, int Bytes);
