namespace EdgeGateway.Registry;

/// <summary>An update of one thing, done whole or not at all.</summary>
public sealed record ThingUpdate(string Name)
{
    /// <summary>Type to give it; null leaves the one it has.</summary>
    public string? TypeName { get; init; }

    /// <summary>Takes the type away; not together with <see cref="TypeName"/>.</summary>
    public bool RemoveType { get; init; }

    /// <summary>Null leaves the attributes.</summary>
    public AttributeChange? Attributes { get; init; }

    /// <summary>Refused with a version conflict unless the thing is at this version.</summary>
    public long? ExpectedVersion { get; init; }
}
