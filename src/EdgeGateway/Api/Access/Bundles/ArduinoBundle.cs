using EdgeGateway.Identity;

namespace EdgeGateway.Api.Access.Bundles;

/// <summary>For Arduino on an ESP32 with PubSubClient: the credentials as a header, and a sketch.</summary>
internal static class ArduinoBundle
{
    public static IEnumerable<DeviceFile> Files(DeviceBundle bundle, BundlePlace place)
    {
        yield return new("secrets.h", $"""
            // Credentials of {bundle.ThingName}. Holds its private key: keep it out of version control.
            #pragma once

            static const char WIFI_SSID[] = "your network";
            static const char WIFI_PASSWORD[] = "its password";

            static const char CA[] =
            {BundleFiles.CString(bundle.CaPem)};

            static const char CERTIFICATE[] =
            {BundleFiles.CString(bundle.CertificatePem!)};

            static const char PRIVATE_KEY[] =
            {BundleFiles.CString(bundle.PrivateKeyPem!)};

            """, Secret: true);
        yield return new("edgegateway.ino", $$"""
            // ESP32 Arduino core, library PubSubClient.
            #include <WiFi.h>
            #include <WiFiClientSecure.h>
            #include <PubSubClient.h>
            #include "secrets.h"

            WiFiClientSecure tls;
            PubSubClient mqtt(tls);
            unsigned long last = 0;

            void onMessage(char *topic, byte *payload, unsigned int length) {
              Serial.printf("%s: %.*s\n", topic, (int)length, (const char *)payload);
            }

            void setup() {
              Serial.begin(115200);
              WiFi.begin(WIFI_SSID, WIFI_PASSWORD);
              while (WiFi.status() != WL_CONNECTED) delay(200);
              tls.setCACert(CA);
              tls.setCertificate(CERTIFICATE);
              tls.setPrivateKey(PRIVATE_KEY);
              mqtt.setServer("{{place.Host}}", {{place.Port}});
              mqtt.setCallback(onMessage);
            }

            void loop() {
              if (!mqtt.connected()) {
                if (!mqtt.connect("{{bundle.ThingName}}")) {
                  Serial.printf("not connected: %d\n", mqtt.state());
                  delay(5000);
                  return;
                }
                mqtt.subscribe("{{bundle.CommandFilter}}", 1);
              }
              mqtt.loop();
              if (millis() - last > 10000) {
                last = millis();
                mqtt.publish("{{bundle.TelemetryTopic}}", "{\"temperature\":21.5}");
              }
            }

            """, Secret: false);
    }
}
