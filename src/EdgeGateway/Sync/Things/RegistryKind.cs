namespace EdgeGateway.Sync.Things;

/// <summary>What a registry keeps, in the order in which it can be made: what others name comes first. The numbers are stored.</summary>
internal enum RegistryKind
{
    Type = 1,
    Group = 2,
    Thing = 3,
}
