using System.Collections.Immutable;

namespace EdgeGateway.Search;

/// <summary>A thing, or a thing group, as it is searched; never changed. Each part is what a <see cref="Fields.FieldWriter"/> wrote.</summary>
/// <param name="Name">Of the thing or group.</param>
/// <param name="Registry">Fields of the registry.</param>
/// <param name="Connectivity">Empty where nothing is known, or it is not indexed.</param>
/// <param name="Shadows">By name, the classic one with an empty name.</param>
internal sealed record IndexEntry(string Name, byte[] Registry, byte[] Connectivity, ImmutableArray<(string Name, byte[] Fields)> Shadows)
{
    /// <summary>Null if it has no such shadow.</summary>
    public byte[]? Shadow(string name)
    {
        foreach (var (each, fields) in Shadows)
            if (each == name)
                return fields;
        return null;
    }
}
