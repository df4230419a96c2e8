namespace EdgeGateway.Identity.Provisioning;

/// <summary>The three operations of fleet provisioning over MQTT (AWS guide: Device provisioning).</summary>
internal enum ProvisioningOperation
{
    CreateKeysAndCertificate,
    CreateCertificateFromCsr,
    RegisterThing,
}
