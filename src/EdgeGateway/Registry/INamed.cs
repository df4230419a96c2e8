namespace EdgeGateway.Registry;

internal interface INamed
{
    string Name { get; }
}
