"""The service: one model behind HTTP, for people, for machines and for the page. `create_app` is in `service/app.py`.

The app is made from `Settings` alone. No request opens a file: model and page are in memory before the first request.
"""
