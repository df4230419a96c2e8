namespace EdgeGateway.Rules;

/// <summary>Where `get_thing_shadow` reads; filled by the host from the shadow slice.</summary>
internal interface IRuleShadows
{
    /// <param name="shadowName">Null for the classic shadow.</param>
    /// <returns>The document as a shadow get answers; null where there is none.</returns>
    ReadOnlyMemory<byte>? Find(string thingName, string? shadowName);
}
