namespace EdgeGateway.Identity.Authorizers;

/// <summary>A local function could not be asked, or did not answer as it must.</summary>
internal sealed class FunctionFailedException(string message, Exception? inner = null) : Exception(message, inner);
