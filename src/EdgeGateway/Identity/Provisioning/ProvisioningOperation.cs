namespace EdgeGateway.Identity.Provisioning;

/// <summary>The three operations of fleet provisioning over MQTT (auth.md §4).</summary>
internal enum ProvisioningOperation
{
    CreateKeysAndCertificate,
    CreateCertificateFromCsr,
    RegisterThing,
}
