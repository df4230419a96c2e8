namespace EdgeGateway.Drivers;

/// <summary>A driver opens handles without closing them: a defect of the driver.</summary>
public sealed class HandleLeakException(int open) : InvalidOperationException($"it has {open} handles open and opened another: it leaks");
