namespace EdgeGateway.Sync.Things;

/// <summary>A registry said no, in its own words.</summary>
/// <param name="hasChanged">The entry is at another version than the one read: read again, merge again.</param>
internal sealed class RegistryRefusedException(string message, bool hasChanged = false) : Exception(message)
{
    public bool HasChanged => hasChanged;
}
