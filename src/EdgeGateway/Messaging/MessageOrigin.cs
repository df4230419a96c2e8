namespace EdgeGateway.Messaging;

/// <summary>
/// Where a message came from, so that a part never reacts to its own words and a chain of rules ends.
/// </summary>
/// <param name="Source">
/// <c>client</c>, or the part that published: <c>shadow</c>, <c>rule:NAME</c>, <c>device:NAME</c>, <c>upstream:NAME</c>, <c>api</c>, <c>broker</c>.
/// </param>
/// <param name="Hops">How many rules this message has been through; the bus refuses more than <see cref="MaxHops"/>.</param>
public sealed record MessageOrigin(string Source, int Hops = 0)
{
    /// <summary>A message that has been republished this often is taken for a loop.</summary>
    public const int MaxHops = 16;

    public static MessageOrigin Client { get; } = new("client");
    public static MessageOrigin Broker { get; } = new("broker");
    public static MessageOrigin Api { get; } = new("api");
}
