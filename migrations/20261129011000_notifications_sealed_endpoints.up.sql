-- A service shows that it has the right sealing key by opening a secret that is in use; its worker finds whose there are.
CREATE POLICY webhook_endpoints_worker ON notifications.webhook_endpoints FOR SELECT TO notifications_worker
    USING (true);
