namespace EdgeGateway.Shadows;

internal enum ShadowOperation
{
    Get,
    Update,
    Delete,
}
