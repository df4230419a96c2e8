namespace EdgeGateway.Sync.Uplink;

internal sealed class UpstreamException(UpstreamFault fault, Exception? inner = null) : Exception(fault.What, inner)
{
    public UpstreamFault Fault { get; } = fault;
}
