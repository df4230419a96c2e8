namespace EdgeGateway.Identity.Certificates;

/// <summary>How far the system clock can be believed.</summary>
public enum ClockTrust
{
    /// <summary>It shows a time before the floor: certainly wrong.</summary>
    Behind,

    /// <summary>Not synchronised: it may be right, behind or ahead.</summary>
    Unsynchronised,

    /// <summary>Synchronised over the network, or trusted by setting.</summary>
    Synchronised,
}
