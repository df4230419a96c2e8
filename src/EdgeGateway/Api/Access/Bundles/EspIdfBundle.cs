using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For ESP-IDF's esp-mqtt: the credentials as a header, and the client's configuration.</summary>
internal static class EspIdfBundle
{
    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        yield return new("edgegateway_credentials.h", $"""
            // Credentials of {bundle.ThingName}. Holds its private key: keep it out of version control.
            #pragma once

            static const char edgegateway_ca[] =
            {BundleFiles.CString(bundle.CaPem)};

            static const char edgegateway_certificate[] =
            {BundleFiles.CString(bundle.CertificatePem!)};

            static const char edgegateway_key[] =
            {BundleFiles.CString(bundle.PrivateKeyPem!)};

            """, Secret: true);
        yield return new("edgegateway_mqtt.c", $$"""
            // esp-mqtt of ESP-IDF 5: call after the network is up. The gateway's certificates begin in 1970, so the clock need not be set before.
            #include "mqtt_client.h"
            #include "edgegateway_credentials.h"

            static esp_mqtt_client_handle_t client;

            static void on_event(void *context, esp_event_base_t base, int32_t id, void *data)
            {
                if (id == MQTT_EVENT_CONNECTED) {
                    esp_mqtt_client_subscribe(client, "{{bundle.CommandFilter}}", 1);
                    esp_mqtt_client_publish(client, "{{bundle.TelemetryTopic}}", "{\"temperature\":21.5}", 0, 1, 0);
                }
            }

            void edgegateway_start(void)
            {
                const esp_mqtt_client_config_t config = {
                    .broker.address.uri = "mqtts://{{DialAddress.Authority(place.Host, place.Port)}}",
                    .broker.verification.certificate = edgegateway_ca,
                    .credentials.client_id = "{{bundle.ThingName}}",
                    .credentials.authentication.certificate = edgegateway_certificate,
                    .credentials.authentication.key = edgegateway_key,
                };
                client = esp_mqtt_client_init(&config);
                esp_mqtt_client_register_event(client, ESP_EVENT_ANY_ID, on_event, NULL);
                esp_mqtt_client_start(client);
            }

            """, Secret: false);
    }
}
