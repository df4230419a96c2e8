using EdgeGateway.Rules;

namespace EdgeGateway.Tests.Rules;

/// <summary>No thing has a shadow.</summary>
internal sealed class NoShadows : IRuleShadows
{
    public ReadOnlyMemory<byte>? Find(string thingName, string? shadowName) => null;
}
