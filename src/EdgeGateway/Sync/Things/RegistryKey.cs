namespace EdgeGateway.Sync.Things;

/// <summary>One entry of a registry.</summary>
internal readonly record struct RegistryKey(RegistryKind Kind, string Name)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Name}";
}
